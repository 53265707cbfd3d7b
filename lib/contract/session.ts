import { z } from 'zod'

export const role = z.enum(['viewer', 'operator', 'admin'])
export type Role = z.infer<typeof role>

export const sessionUser = z.object({ id: z.string(), email: z.string(), name: z.string(), role })
export type SessionUser = z.infer<typeof sessionUser>
export const session = z.object({ user: sessionUser })

export const signInInput = z.object({
  email: z.email('Write your email address.'),
  password: z.string().min(1, 'Write your password.'),
})
export type SignInInput = z.infer<typeof signInInput>

/** Creates the first admin; `token` is the one printed at the first start, good once. */
export const setUpInput = z.object({
  token: z.string().min(1),
  email: z.email('Write your email address.'),
  name: z.string().trim().min(1, 'Write your name.').max(100),
  password: z.string().min(10, 'Choose a password of at least 10 characters.').max(200),
})
export type SetUpInput = z.infer<typeof setUpInput>
