/** A property that this broker cannot serve, in a sentence for whoever wrote it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}
