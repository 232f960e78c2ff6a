/** Whether the errno of a read below /proc/PID says that the process is gone; it can come from any file, and in the middle of one. */
export const isGone = (errno: string | undefined): boolean => errno === 'ENOENT' || errno === 'ESRCH';
