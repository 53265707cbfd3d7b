import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type GenerateResult, generate } from 'selfsigned'

export interface TestCertificates {
  readonly authority: string
  /** Key and certificate of the brokers, as a file too. */
  readonly broker: { readonly key: string; readonly cert: string; readonly file: string }
  readonly client: { readonly key: string; readonly cert: string; readonly file: string }
  readonly authorityFile: string
}

/** An authority and what it signed, made anew for each test: nothing that expires is kept. */
export async function makeTestCertificates(directory: string): Promise<TestCertificates> {
  const ca = await generate([{ name: 'commonName', value: 'Eyrie test authority' }], {
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true },
    ],
  })
  const signedBy = { key: ca.private, cert: ca.cert }
  const broker = await generate([{ name: 'commonName', value: 'localhost' }], {
    algorithm: 'sha256',
    ca: signedBy,
    extensions: [
      { name: 'basicConstraints', cA: false },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  const client = await generate(
    [
      { name: 'countryName', value: 'NO' },
      { name: 'organizationName', value: 'Eyrie, Tests' },
      { name: 'commonName', value: 'carol' },
    ],
    { algorithm: 'sha256', ca: signedBy },
  )
  const authorityFile = path.join(directory, 'authority.pem')
  await writeFile(authorityFile, ca.cert)
  return {
    authority: ca.cert,
    authorityFile,
    broker: await keep(directory, 'broker', broker),
    client: await keep(directory, 'client', client),
  }
}

async function keep(directory: string, name: string, { private: key, cert }: GenerateResult) {
  const file = path.join(directory, `${name}.pem`)
  await writeFile(file, `${key}\n${cert}\n`)
  return { key, cert, file }
}
