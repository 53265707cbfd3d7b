import type { MetadataCache } from '../../metadata/cache.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { describeUserScramCredentials } from '../../protocol/messages/50-describe-user-scram-credentials.ts'
import { scramMechanisms } from '../../security/scram.ts'
import type { ScramCredentialTable } from '../../security/scram-credential-table.ts'
import { handler } from '../handler.ts'

/* Version 0. No users, or none named, means all of them. */

export const describeUserScramCredentialsHandler = (metadata: MetadataCache) =>
  handler(describeUserScramCredentials, (request, { access }) => {
    if (!access.allowsOnCluster('describe')) {
      return { throttleTimeMs: 0, errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED, errorMessage: null, results: [] }
    }
    const { scramCredentials } = metadata.image
    const asked = (request.users ?? []).map(({ name }) => name)
    const users = asked.length === 0 ? [...scramCredentials.users.keys()] : [...new Set(asked)]
    const results = users.map((user) => {
      const isRepeated = asked.indexOf(user) !== asked.lastIndexOf(user)
      return isRepeated ? repeated(user) : describeUser(scramCredentials, user)
    })
    return { throttleTimeMs: 0, errorCode: errorCodes.NONE, errorMessage: null, results }
  })

function repeated(user: string) {
  const errorMessage = `Cannot describe SCRAM credentials for the same user twice in a single request: ${user}`
  return { user, errorCode: errorCodes.DUPLICATE_RESOURCE, errorMessage, credentialInfos: [] }
}

function describeUser({ users }: ScramCredentialTable, user: string) {
  const credentials = users.get(user)
  if (credentials === undefined) {
    const errorMessage = `Attempt to describe a user credential that does not exist: ${user}`
    return { user, errorCode: errorCodes.RESOURCE_NOT_FOUND, errorMessage, credentialInfos: [] }
  }
  const infos = [...credentials].map(([mechanism, { iterations }]) => {
    return { mechanism: scramMechanisms[mechanism].code, iterations }
  })
  const credentialInfos = infos.toSorted((one, other) => one.mechanism - other.mechanism)
  return { user, errorCode: errorCodes.NONE, errorMessage: null, credentialInfos }
}
