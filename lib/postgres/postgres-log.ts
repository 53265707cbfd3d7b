/** The last line that says what is wrong: Postgres follows its errors with hints and details. */
export function lastLine(text: string): string {
  const lines = text.trim().split('\n')
  const telling = lines.filter((line) => /(FATAL|PANIC|ERROR|error):/.test(line))
  return (telling.at(-1) ?? lines.at(-1) ?? '').replace(/^.*?(FATAL|PANIC|ERROR|error): +/, '')
}
