'use client'

import { Button, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useWords } from '../../../../../lib/web/reader-provider.tsx'

const TopicDeleteDialog = dynamic(
  () => import('./topic-delete-dialog.tsx').then((module) => module.TopicDeleteDialog),
  {
    ssr: false,
  },
)

interface TopicActsProps {
  cluster: string
  topic: string
}

export function TopicActs({ cluster, topic }: TopicActsProps) {
  const words = useWords()
  const [isDeleting, setIsDeleting] = useState(false)
  return (
    <>
      <Menu position="bottom-end" transitionProps={{ duration: 120 }}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconDots size={14} />}>
            {words.common.more}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item c="var(--critical)" onClick={() => setIsDeleting(true)}>
            {words.topics.delete}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isDeleting && <TopicDeleteDialog cluster={cluster} topic={topic} onClose={() => setIsDeleting(false)} />}
    </>
  )
}
