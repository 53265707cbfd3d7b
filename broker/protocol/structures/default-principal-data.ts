import { bool, type Decoded, type Encodable, string, structure } from '../schema.ts'

export const defaultPrincipalData = structure({
  name: 'DefaultPrincipalData',
  versions: '0',
  flexible: '0+',
  fields: [string('type'), string('name'), bool('tokenAuthenticated')],
})

export type DefaultPrincipalData = Decoded<typeof defaultPrincipalData>
export type DefaultPrincipalDataBody = Encodable<typeof defaultPrincipalData>
