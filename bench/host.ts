import { chmod, chown, mkdir, mkdtemp, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { execa } from 'execa'
import { type Account, findAccount } from '../server/src/sandbox/accounts.ts'

/** Programs of this machine, plainly: no sandbox, but never as root either, as a packager would run them. */
export class Host {
  readonly #dir: string
  readonly #account: Account | undefined

  private constructor(dir: string, account: Account | undefined) {
    this.#dir = dir
    this.#account = account
  }

  /** @param dir  where its folders are made; others may look into it */
  static async create(dir: string): Promise<Host> {
    await chmod(dir, 0o755)
    return new Host(dir, await findAccount('packit-build-', 1))
  }

  /** A new folder for `rpmbuild`. */
  async makeTop(): Promise<string> {
    const top = await mkdtemp(join(this.#dir, 'top-'))
    if (this.#account) await chown(top, this.#account.uid, this.#account.gid)
    return top
  }

  /** `rpmbuild --rebuild`, as our builder calls it. */
  async rebuild(srpm: string, top: string): Promise<void> {
    await this.#run('rpmbuild', ['--rebuild', '--nodeps', '--define', `_topdir ${top}`, srpm])
  }

  /** Unpacks an SRPM as `rpm` does; gives the path of its spec file. */
  async unpack(srpm: string, top: string): Promise<string> {
    await this.#run('rpm', ['--install', '--nodeps', '--define', `_topdir ${top}`, srpm])
    const [spec] = await readdir(join(top, 'SPECS'))
    if (!spec) throw new Error(`no spec file in ${basename(srpm)}`)
    return join(top, 'SPECS', spec)
  }

  /** `rpmbuild -bs`; gives the path of the SRPM. */
  async packSource(spec: string, top: string): Promise<string> {
    await mkdir(join(top, 'SRPMS'), { recursive: true })
    if (this.#account) await chown(join(top, 'SRPMS'), this.#account.uid, this.#account.gid)
    await this.#run('rpmbuild', ['-bs', '--nodeps', '--define', `_topdir ${top}`, spec])
    const [srpm] = await readdir(join(top, 'SRPMS'))
    if (!srpm) throw new Error(`rpmbuild -bs made nothing of ${spec}`)
    return join(top, 'SRPMS', srpm)
  }

  async #run(program: string, args: string[]): Promise<void> {
    const env = { PATH: process.env.PATH ?? '', HOME: this.#dir }
    // a session of its own, as the sandbox is: the kernel shares the cores out between sessions (autogroup)
    await execa(program, args, { ...this.#account, env, extendEnv: false, cwd: this.#dir, detached: true })
  }
}
