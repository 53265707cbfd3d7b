'use client'

import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import Link from 'next/link'
import { type FormEvent, useState } from 'react'
import { setUp } from '../../lib/web/acts.ts'
import { useWords } from '../../lib/web/reader-provider.tsx'
import { EntryCard } from '../components/form/entry-card.tsx'
import { FormFailure } from '../components/form/form-failure.tsx'

interface SetUpFormProps {
  token: string | undefined
  isOpen: boolean
}

const passwordLengthMin = 10

export function SetUpForm({ token, isOpen }: SetUpFormProps) {
  const words = useWords().access
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const creation = useMutation({
    mutationFn: () => setUp({ token: token ?? '', email, name, password }),
    onSuccess: () => location.assign('/'),
  })
  const fields = creation.error?.fields ?? []
  const faultOf = (path: string) => fields.find((field) => field.path === path)?.message
  const isShort = password !== '' && password.length < passwordLengthMin
  const submit = (event: FormEvent) => {
    event.preventDefault()
    creation.mutate()
  }
  if (!isOpen || token === undefined) {
    return (
      <EntryCard title={words.setUpTitle} onSubmit={(event) => event.preventDefault()}>
        <p>{isOpen ? words.setUpNoToken : words.setUpClosed}</p>
        <Link href="/sign-in">{words.signInTitle}</Link>
      </EntryCard>
    )
  }
  return (
    <EntryCard title={words.setUpTitle} onSubmit={submit}>
      <p className="quiet">{words.setUpDetail}</p>
      <TextInput
        label={words.email}
        type="email"
        autoComplete="username"
        autoFocus
        value={email}
        error={faultOf('email')}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <TextInput
        label={words.name}
        autoComplete="name"
        value={name}
        error={faultOf('name')}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <PasswordInput
        label={words.password}
        description={words.passwordHelp}
        autoComplete="new-password"
        value={password}
        error={isShort ? words.passwordShort : faultOf('password')}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <FormFailure problem={fields.length === 0 ? creation.error : null} />
      <Button type="submit" size="sm" loading={creation.isPending || creation.isSuccess}>
        {words.create}
      </Button>
    </EntryCard>
  )
}
