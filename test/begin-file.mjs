// ava's `test` for files that share a worker: it puts the name of the file that is being loaded before each title, as
// ava does with a file of its own. Only test/shared-workers.mjs puts this in ava's place.
import test from 'ava';

let file = '';
let declared = 0;

/** From here on tests belong to this file. A file without tests is an error, as it is to ava. */
export function begin(name) {
  if (file !== '' && declared === 0) throw new Error(`No tests found in ${file}.`);
  file = name;
  declared = 0;
}

/** The links of a chain such as test.serial.failing that take a title in the end. */
const links = new Set(['serial', 'failing', 'skip', 'only', 'todo']);

function named(call) {
  return new Proxy(call, {
    apply(target, self, [title, ...rest]) {
      declared++;
      return target(file === '' || typeof title !== 'string' ? title : `${file} › ${title}`, ...rest);
    },
    get: (target, key) => (links.has(key) ? named(target[key]) : target[key]),
  });
}

export default named(test);
