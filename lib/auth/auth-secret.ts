import { randomBytes } from 'node:crypto'
import type { PrismaClient } from '../db/rows.ts'

const key = 'auth_secret'

/** Signs the session cookies. Made once and kept in the database, so that sessions outlive a restart. */
export async function readOrCreateAuthSecret(prisma: PrismaClient): Promise<string> {
  await prisma.setting.createMany({
    data: [{ key, value: randomBytes(32).toString('base64url') }],
    skipDuplicates: true,
  })
  const { value } = await prisma.setting.findUniqueOrThrow({ where: { key } })
  if (typeof value !== 'string') throw new Error(`the setting ${key} is a string`)
  return value
}
