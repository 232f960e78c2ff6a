// SMART and NVMe of emulated disks, through the real drivers and the real smartctl.
import assert from 'node:assert/strict';
import { openMachine } from '@hecate/metrics';

export const modules = ['nvme', 'ahci', 'sd_mod'];

/** Throws at the first difference. */
export async function check() {
  const machine = openMachine();
  try {
    const nvme = machine.nvme();
    assert.equal(nvme.value?.[0]?.serial, 'HECATE-NVME', JSON.stringify(nvme));
    assert.equal(nvme.value[0].namespaces[0].size, 1_073_741_824);
    const smart = await machine.smart();
    assert.ok(smart.value, JSON.stringify(smart.gap));
    const ata = smart.value.find(({ serial }) => serial === 'HECATE-ATA');
    assert.ok(ata, JSON.stringify(smart));
    assert.equal(ata.protocol, 'ATA');
    assert.equal(ata.passed, true);
    assert.equal(ata.temperature, 31);
    assert.equal(ata.powerOnTime, 3600);
    assert.equal(ata.capacity, 1_073_741_824);
    assert.equal(ata.attributes.find(({ name }) => name === 'Reallocated_Sector_Ct')?.raw, 0);
    const drive = smart.value.find(({ serial }) => serial === 'HECATE-NVME');
    assert.ok(drive, JSON.stringify(smart));
    assert.equal(drive.protocol, 'NVMe');
    assert.equal(drive.temperature, 50);
    assert.equal(drive.nvme.mediaErrors, 0);
  } finally {
    machine.close();
  }
}
