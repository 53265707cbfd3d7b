import { CopyButton } from './copy-button.tsx'

/** The name of a topic, group or broker as a title: monospace, one click copies. */
export function KafkaName({ name }: { name: string }) {
  return (
    <>
      <span style={{ fontFamily: 'var(--font-code)' }}>{name}</span> <CopyButton text={name} />
    </>
  )
}
