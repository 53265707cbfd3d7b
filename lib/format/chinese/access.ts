import type { Dictionary } from '../english.ts'

export const access: Dictionary['access'] = {
  signInTitle: '登录',
  email: '邮箱',
  password: '密码',
  name: '姓名',
  signIn: '登录',
  refused: '邮箱与密码不匹配。',
  setUpTitle: '创建第一个管理员',
  setUpDetail: '此链接只能使用一次。这个账户拥有全部权限；其他账户之后添加。',
  setUpClosed: '第一个管理员已经存在。',
  setUpNoToken: '地址中缺少令牌。打开控制台启动时打印的完整链接。',
  setUpNeeded: '还没有管理员。打开控制台启动时打印的一次性链接；使用之前每次启动都会再次打印。',
  passwordHelp: '至少 10 个字符。一句话比谜语好记。',
  passwordShort: '至少 10 个字符。',
  nameFault: '需要填写姓名。',
  create: '创建管理员',
  tagline: 'Apache Kafka 监控与管理控制台',
}
