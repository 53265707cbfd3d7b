/** Signing in and setting up. */
export const access = {
  signInTitle: 'Sign in',
  email: 'Email',
  password: 'Password',
  name: 'Name',
  signIn: 'Sign in',
  refused: 'That email and password do not belong together.',
  setUpTitle: 'Create the first admin',
  setUpDetail: 'This link works once. The account made here may do everything; others are added later.',
  setUpClosed: 'The first admin exists already.',
  setUpNoToken: 'This address lacks its token. Open the whole link that was printed when the console started.',
  setUpNeeded:
    'No admin exists yet. Open the one-time link that the console printed when it started; it is printed again at each start until it is used.',
  passwordHelp: 'At least 10 characters. A sentence is easier to remember than a riddle.',
  passwordShort: 'At least 10 characters.',
  nameFault: 'Write your name.',
  create: 'Create admin',
  tagline: 'Monitoring and admin console for Apache Kafka',
}
