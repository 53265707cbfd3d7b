import { MissingPage } from './components/section/missing-page.tsx'

export default function NotFound() {
  return <MissingPage />
}
