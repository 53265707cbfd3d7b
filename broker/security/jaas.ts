/** One login module of a `sasl.jaas.config`. */
export interface LoginModule {
  readonly className: string
  readonly options: ReadonlyMap<string, string>
}

const flags = new Set(['required', 'requisite', 'sufficient', 'optional'])
const token = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s=;"']+)|([=;]))/y

/**
 * Reads the value of a `sasl.jaas.config`: `class flag name="value" … ;`, one module, as Kafka demands. Throws an Error
 * whose message says what is wrong.
 */
export function parseJaasConfig(text: string): LoginModule {
  const tokens = tokensOf(text)
  const [className, flag] = tokens
  if (className === undefined) throw new Error('JAAS config property does not contain any login modules')
  if (flag === undefined || !flags.has(flag.toLowerCase())) {
    throw new Error(`Login module control flag is not available in the JAAS config: ${className} needs "required"`)
  }
  const end = tokens.indexOf(';')
  if (end === -1) throw new Error(`JAAS config entry not terminated by semi-colon: ${className}`)
  if (end !== tokens.length - 1) throw new Error('JAAS config property must hold one login module')
  const options = new Map<string, string>()
  for (let at = 2; at < end; at += 3) {
    const [name, equals, value] = tokens.slice(at, at + 3)
    if (name === undefined || equals !== '=' || value === undefined || at + 2 >= end) {
      throw new Error(`Value not specified for key '${name ?? ''}' in JAAS config`)
    }
    options.set(name, value)
  }
  return { className, options }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  const trimmed = text.trim()
  token.lastIndex = 0
  while (token.lastIndex < trimmed.length) {
    const at = token.lastIndex
    const match = token.exec(trimmed)
    if (match === null) throw new Error(`JAAS config cannot be read from character ${at + 1} on`)
    tokens.push(match[1]?.replace(/\\(.)/g, '$1') ?? match[2]?.replace(/\\(.)/g, '$1') ?? match[3] ?? match[4] ?? '')
  }
  return tokens
}

/** The users that a PlainLoginModule lets in: `user_NAME="password"`. */
export function plainUsersOf({ options }: LoginModule): ReadonlyMap<string, string> {
  const users = new Map<string, string>()
  for (const [name, value] of options) if (name.startsWith('user_')) users.set(name.slice('user_'.length), value)
  return users
}
