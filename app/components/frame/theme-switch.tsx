'use client'

import { ActionIcon, useMantineColorScheme } from '@mantine/core'
import { IconMoon, IconSun } from '@tabler/icons-react'
import { useWords } from '../../../lib/web/reader-provider.tsx'

/** Both icons are drawn and the theme hides one, since the server does not know which is worn. */
export function ThemeSwitch() {
  const words = useWords().frame
  const { toggleColorScheme } = useMantineColorScheme()
  return (
    <ActionIcon aria-label={words.theme} title={words.theme} onClick={toggleColorScheme}>
      <IconMoon size={16} stroke={1.6} className="mantine-dark-hidden" />
      <IconSun size={16} stroke={1.6} className="mantine-light-hidden" />
    </ActionIcon>
  )
}
