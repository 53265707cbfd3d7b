/** Makes the name of a principal from a certificate's distinguished name, by the rules of `ssl.principal.mapping.rules`. */
export type PrincipalMapping = (distinguishedName: string) => string

type Rule = (name: string) => string | undefined

/** One rule of a list; a backslash keeps a slash or a comma within it. */
const ruleText = /^(DEFAULT)|^RULE:((?:\\.|[^\\/])*)\/((?:\\.|[^\\/])*)\/([LU]?)/

/**
 * Parses `RULE:pattern/replacement/[LU]` and `DEFAULT`, separated by commas; the first rule whose pattern matches the
 * whole name makes the principal. Throws an Error that says which rule cannot be read.
 */
export function parsePrincipalMapping(text: string): PrincipalMapping {
  const rules: Rule[] = []
  let rest = text.trim()
  while (rest !== '') {
    const match = ruleText.exec(rest)
    if (match === null) throw new Error(`Invalid rule: \`${rest}\``)
    rules.push(match[1] === undefined ? ruleOf(match[2] ?? '', match[3] ?? '', match[4] ?? '') : (name) => name)
    rest = rest.slice(match[0].length).trim()
    if (rest !== '' && !rest.startsWith(',')) throw new Error(`Invalid rule: \`${rest}\``)
    rest = rest.replace(/^,\s*/, '')
  }
  return (distinguishedName) => {
    for (const rule of rules) {
      const principal = rule(distinguishedName)
      if (principal !== undefined) return principal
    }
    throw new Error(`No rules apply to ${distinguishedName}`)
  }
}

function ruleOf(pattern: string, replacement: string, letterCase: string): Rule {
  const expression = new RegExp(`^(?:${pattern.replaceAll('\\/', '/')})$`)
  const into = replacement.replaceAll('\\/', '/')
  return (name) => {
    if (!expression.test(name)) return undefined
    const replaced = name.replace(expression, into)
    if (letterCase === 'L') return replaced.toLowerCase()
    return letterCase === 'U' ? replaced.toUpperCase() : replaced
  }
}
