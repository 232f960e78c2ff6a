/** The file in the directory of a recording that holds what the libraries of a Mac answered. */
export const RECORDED_ANSWERS = 'darwin.json';
