/**
 * Writes a certificate's subject as Java does (RFC 2253), which is what ACLs and mapping rules are written against: most
 * specific part first. Node gives one part a line, in the order of the certificate.
 */
export function distinguishedNameOf(subject: string): string {
  return subject.split('\n').toReversed().map(formatPart).join(',')
}

function formatPart(line: string): string {
  // Parts with several attributes are joined with a plus by both.
  return line
    .split(/(?<!\\)\+/)
    .map((attribute) => {
      const equals = attribute.indexOf('=')
      return `${attribute.slice(0, equals)}=${escapeValue(attribute.slice(equals + 1))}`
    })
    .join('+')
}

function escapeValue(value: string): string {
  const plain = value.replace(/\\(.)/g, '$1')
  const escaped = plain.replace(/[,+"\\<>;]/g, '\\$&').replace(/^[ #]/, '\\$&')
  return escaped.length > 1 ? escaped.replace(/ $/, '\\ ') : escaped
}
