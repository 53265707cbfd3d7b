import { defineConfig } from 'prisma/config'

// `prisma generate` looks for a schema engine that it would have to download, and never runs it: any executable will do.
// Migrations are applied by lib/db/migrate.ts.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath

export default defineConfig({ schema: 'prisma/schema.prisma' })
