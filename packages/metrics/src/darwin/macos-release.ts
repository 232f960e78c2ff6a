import type { OsRelease } from '../domain/host.ts';

/** What macOS is called, from `kern.osproductversion` and `kern.osversion`; null: not known. */
export function macosRelease(version: string | null, build: string | null): OsRelease {
  return {
    name: 'macOS',
    prettyName: version === null ? 'macOS' : `macOS ${version}`,
    id: 'macos',
    idLike: null,
    version,
    versionId: version,
    versionCodename: null,
    variant: null,
    variantId: null,
    buildId: build,
    imageId: null,
    imageVersion: null,
    supportEnd: null,
  };
}
