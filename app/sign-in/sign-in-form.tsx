'use client'

import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { signIn } from '../../lib/web/acts.ts'
import { useWords } from '../../lib/web/reader-provider.tsx'
import { EntryCard } from '../components/form/entry-card.tsx'
import { FormFailure } from '../components/form/form-failure.tsx'

interface SignInFormProps {
  /** Where to go then. */
  next: string
  isSetUpNeeded: boolean
}

export function SignInForm({ next, isSetUpNeeded }: SignInFormProps) {
  const words = useWords().access
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const signingIn = useMutation({
    mutationFn: () => signIn({ email, password }),
    onSuccess: () => location.assign(next),
  })
  const fields = signingIn.error?.fields ?? []
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signingIn.mutate()
  }
  return (
    <EntryCard title={words.signInTitle} onSubmit={submit}>
      {isSetUpNeeded && <p>{words.setUpNeeded}</p>}
      <TextInput
        label={words.email}
        type="email"
        autoComplete="username"
        autoFocus
        value={email}
        error={fields.find(({ path }) => path === 'email')?.message}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        label={words.password}
        autoComplete="current-password"
        value={password}
        error={fields.find(({ path }) => path === 'password')?.message}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <FormFailure
        problem={fields.length === 0 ? signingIn.error : null}
        sentence={signingIn.error?.code === 'unauthenticated' ? words.refused : undefined}
      />
      <Button type="submit" size="sm" loading={signingIn.isPending || signingIn.isSuccess}>
        {words.signIn}
      </Button>
    </EntryCard>
  )
}
