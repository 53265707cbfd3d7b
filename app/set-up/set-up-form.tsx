'use client'

import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import Link from 'next/link'
import { type FormEvent, useState } from 'react'
import { setUp } from '../../lib/web/acts.ts'
import { useWords } from '../../lib/web/reader-provider.tsx'
import { EntryCard } from '../components/form/entry-card.tsx'
import { FormFailure } from '../components/form/form-failure.tsx'
import { textOf } from '../components/form/text-of.ts'
import { useIsListening } from '../components/form/use-is-listening.ts'

interface SetUpFormProps {
  token: string | undefined
  isOpen: boolean
}

const passwordLengthMin = 10

export function SetUpForm({ token, isOpen }: SetUpFormProps) {
  const words = useWords().access
  const isListening = useIsListening()
  const [isShort, setIsShort] = useState(false)
  const creation = useMutation({
    mutationFn: setUp,
    onSuccess: () => location.assign('/'),
  })
  const fields = creation.error?.fields ?? []
  const faultOf = (path: string) => fields.find((field) => field.path === path)?.message
  const checkLength = (password: string) => setIsShort(password !== '' && password.length < passwordLengthMin)
  if (!isOpen || token === undefined) {
    return (
      <EntryCard title={words.setUpTitle} onSubmit={(event) => event.preventDefault()}>
        <p>{isOpen ? words.setUpNoToken : words.setUpClosed}</p>
        <Link href="/sign-in">{words.signInTitle}</Link>
      </EntryCard>
    )
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    creation.mutate({
      token,
      email: textOf(form, 'email'),
      name: textOf(form, 'name'),
      password: textOf(form, 'password'),
    })
  }
  return (
    <EntryCard title={words.setUpTitle} onSubmit={submit}>
      <p className="quiet">{words.setUpDetail}</p>
      <TextInput
        label={words.email}
        name="email"
        type="email"
        autoComplete="username"
        autoFocus
        error={faultOf('email')}
      />
      <TextInput label={words.name} name="name" autoComplete="name" error={faultOf('name')} />
      <PasswordInput
        label={words.password}
        name="password"
        description={words.passwordHelp}
        autoComplete="new-password"
        error={isShort ? words.passwordShort : faultOf('password')}
        onChange={(event) => checkLength(event.currentTarget.value)}
      />
      <FormFailure problem={fields.length === 0 ? creation.error : null} />
      <Button type="submit" size="sm" disabled={!isListening} loading={creation.isPending || creation.isSuccess}>
        {words.create}
      </Button>
    </EntryCard>
  )
}
