'use client'

import { ActionIcon, Menu } from '@mantine/core'
import { IconUserCircle } from '@tabler/icons-react'
import type { SessionUser } from '../../../lib/contract/session.ts'
import { type Language, languages } from '../../../lib/format/language.ts'
import { signOut } from '../../../lib/web/acts.ts'
import { saveReaderChoice } from '../../../lib/web/reader-choices.ts'
import { useFormats, useWords } from '../../../lib/web/reader-provider.tsx'

interface AccountMenuProps {
  user: SessionUser
  onKeys: () => void
}

const densities = ['compact', 'roomy'] as const

export function AccountMenu({ user, onKeys }: AccountMenuProps) {
  const words = useWords()
  const { language } = useFormats()
  return (
    <Menu position="bottom-end" width={220} transitionProps={{ duration: 120 }}>
      <Menu.Target>
        <ActionIcon aria-label={words.frame.account} title={user.email}>
          <IconUserCircle size={18} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.email}</Menu.Label>
        <Menu.Item onClick={onKeys} rightSection={<kbd>?</kbd>}>
          {words.frame.keys}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{words.frame.density}</Menu.Label>
        {densities.map((density) => (
          <Menu.Item key={density} onClick={() => chooseDensity(density)}>
            {words.frame.densities[density]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{words.frame.language}</Menu.Label>
        {languages.map((each) => (
          <Menu.Item key={each} lang={each} disabled={each === language} onClick={() => chooseLanguage(each)}>
            {words.common.language[each]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={leave}>{words.frame.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function chooseDensity(density: (typeof densities)[number]) {
  saveReaderChoice('density', density)
  document.documentElement.dataset.density = density
}

function chooseLanguage(language: Language) {
  saveReaderChoice('language', language)
  location.reload()
}

async function leave() {
  await signOut()
  location.assign('/sign-in')
}
