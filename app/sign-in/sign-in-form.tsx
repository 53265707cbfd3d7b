'use client'

import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { signIn } from '../../lib/web/acts.ts'
import { useWords } from '../../lib/web/reader-provider.tsx'
import { EntryCard } from '../components/form/entry-card.tsx'
import { FormFailure } from '../components/form/form-failure.tsx'
import { textOf } from '../components/form/text-of.ts'
import { useIsListening } from '../components/form/use-is-listening.ts'

interface SignInFormProps {
  /** Where to go then. */
  next: string
  isSetUpNeeded: boolean
}

export function SignInForm({ next, isSetUpNeeded }: SignInFormProps) {
  const words = useWords().access
  const isListening = useIsListening()
  const signingIn = useMutation({
    mutationFn: signIn,
    onSuccess: () => location.assign(next),
  })
  const fields = signingIn.error?.fields ?? []
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    signingIn.mutate({ email: textOf(form, 'email'), password: textOf(form, 'password') })
  }
  return (
    <EntryCard title={words.signInTitle} onSubmit={submit}>
      {isSetUpNeeded && <p>{words.setUpNeeded}</p>}
      <TextInput
        label={words.email}
        name="email"
        type="email"
        autoComplete="username"
        autoFocus
        error={fields.find(({ path }) => path === 'email')?.message}
      />
      <PasswordInput
        label={words.password}
        name="password"
        autoComplete="current-password"
        error={fields.find(({ path }) => path === 'password')?.message}
      />
      <FormFailure
        problem={fields.length === 0 ? signingIn.error : null}
        sentence={signingIn.error?.code === 'unauthenticated' ? words.refused : undefined}
      />
      <Button type="submit" size="sm" disabled={!isListening} loading={signingIn.isPending || signingIn.isSuccess}>
        {words.signIn}
      </Button>
    </EntryCard>
  )
}
