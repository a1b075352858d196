// node cut.mjs <single-file .NET executable> <folder> <assembly>...   writes the named assemblies of the bundle into the folder.
// Format: github.com/dotnet/runtime, src/installer/managed/Microsoft.NET.HostModel/Bundle (Manifest.cs, FileEntry.cs), version 6.
import { readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

const [executable, folder, ...wanted] = process.argv.slice(2);
const file = readFileSync(executable);

// The apphost holds this hash as its marker; the 8 bytes before it are the offset of the manifest.
const marker = createHash('sha256').update('.net core bundle\n').digest();
const at = file.indexOf(marker);
if (at < 8) throw new Error(`${executable} is not a single-file bundle`);
let position = Number(file.readBigInt64LE(at - 8));

const int32 = () => file.readInt32LE((position += 4) - 4);
const int64 = () => Number(file.readBigInt64LE((position += 8) - 8));
const text = () => {
  let length = 0, shift = 0, byte;
  do {
    byte = file[position++];
    length |= (byte & 127) << shift;
    shift += 7;
  } while (byte & 128);
  return file.toString('utf8', position, position += length);
};

const major = int32();
int32();
if (major !== 6) throw new Error(`bundle version ${major} is unknown`);
const count = int32();
text();
position += 5 * 8; // offsets and sizes of deps.json and runtimeconfig.json, flags

const left = new Set(wanted);
for (let entry = 0; entry < count; entry++) {
  const offset = int64(), size = int64(), deflated = int64();
  position++; // type
  const path = text();
  if (!left.delete(path)) continue;
  const bytes = file.subarray(offset, offset + (deflated || size));
  writeFileSync(join(folder, path), deflated ? inflateRawSync(bytes) : bytes);
}
if (left.size > 0) throw new Error(`not in the bundle: ${[...left].join(', ')}`);
