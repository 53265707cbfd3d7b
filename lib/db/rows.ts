/** Rows as Prisma reads them: only `lib/db` knows where the generated client lies. */
export type { Channel, Delivery, Incident, PrismaClient } from '../../prisma/generated/client.ts'
