import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasInlineSecret } from '@hecate/observe';
import { expect, test } from 'vitest';
import { exposedSecrets, exposedSentence } from './exposed-secrets.ts';

test('the files that hold a secret and that others may read', () => {
  const directory = mkdtempSync(join(tmpdir(), 'hecate-secrets-'));
  try {
    const write = (name: string, text: string, mode: number): string => {
      mkdirSync(join(directory, name));
      writeFileSync(join(directory, name, 'config.toml'), text);
      chmodSync(join(directory, name, 'config.toml'), mode);
      return join(directory, name);
    };
    const open = '[[export]]\ntype = "otlp"\nurl = "http://a"\n';
    const places = [
      write('exposed', `${open}token = "hunter2"\n`, 0o644),
      write('group', `${open}token = "hunter2"\n`, 0o640),
      write('private', `${open}token = "hunter2"\n`, 0o600),
      write('harmless', `${open}token_file = "/a"\n`, 0o644),
      join(directory, 'nowhere'),
    ];
    const found = exposedSecrets((config) => hasInlineSecret(config.export), places);
    expect(found).toEqual(['exposed', 'group'].map((name) => join(directory, name, 'config.toml')));
    expect(exposedSentence(found[0]!)).not.toContain('hunter2');
  } finally {
    rmSync(directory, { recursive: true });
  }
});
