import type { PackageOptions } from './types.ts'

const FEDORA = { base: 'https://src.fedoraproject.org/', namespace: 'rpms' }

interface Written {
  dist_git_base_url: string | null
  dist_git_namespace: string | null
  pkg_tool: string | null
  sig: string | null
}

/** Where the package's dist-git repository is: an own base URL first, else what the tool stands for, else Fedora. */
export function settleDistGit(written: Written): { base: string; namespace: string } {
  if (written.dist_git_base_url) {
    return { base: written.dist_git_base_url, namespace: written.dist_git_namespace ?? FEDORA.namespace }
  }
  switch (written.pkg_tool) {
    case 'fedpkg-stage':
      return { ...FEDORA, base: 'https://src.stg.fedoraproject.org/' }
    case 'centpkg':
      return { base: 'https://gitlab.com/', namespace: 'redhat/centos-stream/rpms' }
    case 'centpkg-sig':
      return { base: 'https://gitlab.com/', namespace: `CentOS/${written.sig ? `${written.sig}/` : ''}rpms` }
    default:
      return FEDORA
  }
}

/** The package's repository in dist-git. Of the base URL only the host counts. */
export function distGitUrl(
  options: Pick<PackageOptions, 'dist_git_base_url' | 'dist_git_namespace' | 'downstream_package_name'>,
): string {
  const { dist_git_base_url: base, dist_git_namespace: namespace, downstream_package_name: name } = options
  const host = URL.canParse(base) ? new URL(base).host : base.replace(/^\w+:\/+|\/.*$/g, '')
  return `https://${host}/${namespace}/${name}.git`
}
