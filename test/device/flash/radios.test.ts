/** Bluetooth is found on, off or missing, by what Espruino does in each case, and switched off by the one safe call. */
import vm from 'node:vm';
import test from 'ava';
import { bluetoothOf, switchBluetoothOff } from '../../../host-tools/device/flash/radios.ts';

const board = (globals: Record<string, unknown>) => {
  const context = vm.createContext({ ...globals });
  const run = (code: string) => Promise.resolve(String(vm.runInContext(code, context)));
  return { ask: run, evaluate: run };
};

test('on, off, or not in this build', async (t) => {
  const ESP32 = { enableBLE: () => {} };
  const on = { ESP32, NRF: { setScan: () => {} } };
  const off = {
    ESP32,
    NRF: {
      setScan: () => {
        throw new Error('BLE: ESP_ERR_INVALID_STATE');
      },
    },
  };
  t.is(await bluetoothOf(board(on)), 'on');
  t.is(await bluetoothOf(board(off)), 'off');
  t.is(await bluetoothOf(board({})), 'none');
  t.is(await bluetoothOf(board({ NRF: on.NRF, ESP32: {} })), 'none');
});

test('switched off after the answer, and nothing else is touched', async (t) => {
  const calls: unknown[] = [];
  let later: () => void = () => {};
  const globals = {
    ESP32: { enableBLE: (on: boolean) => calls.push(on) },
    setTimeout: (action: () => void, ms: number) => {
      later = action;
      calls.push(ms);
    },
  };
  await switchBluetoothOff(board(globals));
  t.deepEqual(calls, [100]);
  later();
  t.deepEqual(calls, [100, false]);
});
