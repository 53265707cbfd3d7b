import type { MetadataRecordBody } from '../metadata/records.ts'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type {
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsResponseBody,
} from '../protocol/messages/51-alter-user-scram-credentials.ts'
import {
  credentialOf,
  iterationsMax,
  type ScramMechanism,
  scramMechanismOf,
  scramMechanisms,
} from '../security/scram.ts'
import type { ControllerState, Decision } from './controller-state.ts'

type Deletion = AlterUserScramCredentialsRequest['deletions'][number]
type Upsertion = AlterUserScramCredentialsRequest['upsertions'][number]

/** Each user by itself: all that a request says of one, or nothing of it. Users are answered once. */
export function alterScramCredentials(
  state: ControllerState,
  { deletions, upsertions }: AlterUserScramCredentialsRequest,
): Decision<AlterUserScramCredentialsResponseBody> {
  const records: MetadataRecordBody[] = []
  const users = new Set([...deletions, ...upsertions].map(({ name }) => name))
  const results = [...users].map((user) => {
    const ofUser = ({ name }: { name: string }) => name === user
    try {
      records.push(...recordsOf(state, user, deletions.filter(ofUser), upsertions.filter(ofUser)))
      return { user, errorCode: errorCodes.NONE, errorMessage: null }
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      return { user, errorCode: error.code, errorMessage: error.message }
    }
  })
  return { records, response: { throttleTimeMs: 0, results } }
}

function recordsOf(
  state: ControllerState,
  user: string,
  deletions: readonly Deletion[],
  upsertions: readonly Upsertion[],
): MetadataRecordBody[] {
  if (user === '') throw new KafkaError(errorCodes.UNACCEPTABLE_CREDENTIAL, 'Username must not be empty')
  const altered = [...deletions, ...upsertions].map(({ mechanism }) => mechanism)
  if (new Set(altered).size !== altered.length) {
    const message = 'A user credential cannot be altered twice in the same request'
    throw new KafkaError(errorCodes.DUPLICATE_RESOURCE, message)
  }
  const removed = deletions.map((deletion) => removalOf(state, deletion))
  return [...removed, ...upsertions.map(credentialRecordOf)]
}

function removalOf(state: ControllerState, { name, mechanism: code }: Deletion): MetadataRecordBody {
  const mechanism = requireMechanism(code)
  if (state.image.scramCredentials.find(name, mechanism) === undefined) {
    const message = 'Attempt to delete a user credential that does not exist'
    throw new KafkaError(errorCodes.RESOURCE_NOT_FOUND, message)
  }
  return { type: 'RemoveUserScramCredentialRecord', name, mechanism: code }
}

function credentialRecordOf(upsertion: Upsertion): MetadataRecordBody {
  const { name, mechanism: code, salt, saltedPassword, iterations } = upsertion
  const mechanism = requireMechanism(code)
  if (iterations < scramMechanisms[mechanism].iterationsMin) {
    throw new KafkaError(errorCodes.UNACCEPTABLE_CREDENTIAL, 'Too few iterations')
  }
  if (iterations > iterationsMax) throw new KafkaError(errorCodes.UNACCEPTABLE_CREDENTIAL, 'Too many iterations')
  const { storedKey, serverKey } = credentialOf(mechanism, saltedPassword, salt, iterations)
  return { type: 'UserScramCredentialRecord', name, mechanism: code, salt, storedKey, serverKey, iterations }
}

function requireMechanism(code: number): ScramMechanism {
  const mechanism = scramMechanismOf(code)
  if (mechanism !== undefined) return mechanism
  throw new KafkaError(errorCodes.UNSUPPORTED_SASL_MECHANISM, 'Unknown SCRAM mechanism')
}
