import { z } from 'zod'

export const problemCodes = [
  'invalid_request',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'kafka_refused',
  'cluster_unreachable',
  'not_ready',
  'too_many_requests',
  'internal',
] as const
export type ProblemCode = (typeof problemCodes)[number]

/** RFC 9457 problem document. `fields` names the inputs to correct; `kafkaError` is the cluster's own error name. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(problemCodes),
  detail: z.string(),
  fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  kafkaError: z.string().optional(),
})
export type Problem = z.infer<typeof problem>
