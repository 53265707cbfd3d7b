import { z } from 'zod'

export const configEntry = z.object({
  name: z.string(),
  value: z.string().nullable(),
  isDefault: z.boolean(),
  isReadOnly: z.boolean(),
  isSensitive: z.boolean(),
  source: z.enum(['topic', 'dynamicBroker', 'dynamicDefaultBroker', 'staticBroker', 'default', 'group', 'unknown']),
  type: z.enum(['boolean', 'string', 'int', 'short', 'long', 'double', 'list', 'class', 'password', 'unknown']),
  documentation: z.string().nullable(),
  synonyms: z.array(z.object({ name: z.string(), value: z.string().nullable(), source: z.string() })),
})
export type ConfigEntry = z.infer<typeof configEntry>
