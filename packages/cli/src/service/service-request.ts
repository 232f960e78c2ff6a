/** A command line of `hecate service`, parsed. */
export interface ServiceRequest {
  readonly action: 'status' | 'install' | 'uninstall' | 'print';
  readonly host?: string;
  readonly port?: number;
  readonly tune?: string;
  readonly stateDir?: string;
  readonly format: 'text' | 'json';
}
