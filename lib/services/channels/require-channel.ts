import type { Database, Transaction } from '../../db/database.ts'
import type { Channel } from '../../db/rows.ts'
import { ServiceError } from '../service-error.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export async function requireChannel(db: Database['prisma'] | Transaction, id: string): Promise<Channel> {
  const channel = uuid.test(id) ? await db.channel.findUnique({ where: { id } }) : null
  if (channel === null) throw new ServiceError('not_found', 'This channel does not exist any more.')
  return channel
}
