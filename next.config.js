/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run typecheck` checks everything at once; building twice as long to do it again proves nothing more.
  typescript: { ignoreBuildErrors: true },
  // A page says how old it is by itself: nothing of a dynamic page is kept in the browser.
  experimental: { staleTimes: { dynamic: 0 } },
  devIndicators: false,
}
