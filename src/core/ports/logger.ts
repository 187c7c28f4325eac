/** Where a host writes what people may want to read afterwards. Never secrets, never file contents. */
export interface Logger {
  info(message: string): void;
  warn(message: string): void;
  error(message: string, error?: unknown): void;
}
