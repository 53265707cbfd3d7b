import { array, type Decoded, type Encodable, int16, int32, structure, uuid } from '../schema.ts'

const voter = [int32('voterId'), uuid('voterDirectoryId', { versions: '1+' })] as const

export const leaderChangeMessage = structure({
  name: 'LeaderChangeMessage',
  versions: '0-1',
  flexible: '0+',
  fields: [int16('version'), int32('leaderId'), array('voters', voter), array('grantingVoters', voter)],
})

export type LeaderChangeMessage = Decoded<typeof leaderChangeMessage>
export type LeaderChangeMessageBody = Encodable<typeof leaderChangeMessage>
