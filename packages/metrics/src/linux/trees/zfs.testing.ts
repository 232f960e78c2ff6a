import type { Tree } from '../rooted-tree.testing.ts';

const kstat = (numbers: Readonly<Record<string, string>>): string =>
  `13 1 0x01 ${Object.keys(numbers).length} 4352 1 2\nname                            type data\n${Object.entries(numbers)
    .map(([name, value]) => `${name.padEnd(32)}4    ${value}\n`)
    .join('')}`;

const folder = 'proc/spl/kstat/zfs';

/** A cache, a pool that counts its own I/O as old versions do, and a degraded one of new versions with a data set. */
export const tree: Tree = {
  [`${folder}/arcstats`]: kstat({
    hits: '900',
    misses: '100',
    demand_data_hits: '500',
    demand_data_misses: '50',
    demand_metadata_hits: '300',
    demand_metadata_misses: '30',
    size: '4294967296',
    c: '6442450944',
    c_min: '268435456',
    c_max: '8589934592',
    mru_size: '1073741824',
    mfu_size: '2147483648',
    metadata_size: '536870912',
    compressed_size: '3221225472',
    uncompressed_size: '5368709120',
    l2_hits: '0',
    l2_misses: '0',
    // Below zero: a fault of ZFS.
    l2_size: '18446744073709537482',
  }),
  [`${folder}/fm`]: kstat({ 'erpt-dropped': '3' }),
  [`${folder}/zil`]: 'nonsense\n',
  [`${folder}/tank/state`]: 'ONLINE\n',
  [`${folder}/tank/io`]:
    '12 3 0x00 1 80 1 2\nnread    nwritten reads    writes   wtime    wlentime wupdate  rtime    rlentime rupdate  wcnt     rcnt    \n1048576  2097152  10       20       1        2        3        4        5        6        0        0       \n',
  [`${folder}/old pool/state`]: 'DEGRADED\n',
  [`${folder}/old pool/objset-0x36`]: `36 1 0x01 7 2160 1 2\nname                            type data\ndataset_name                    7    old pool/with  space\nwrites                          4    4\nnwritten                        4    4096\nreads                           4    2\nnread                           4    1024\nnunlinks                        4    1\nnunlinked                       4    1\n`,
};
