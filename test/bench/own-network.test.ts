/* The network of an interface, from what the system says of it. */
import test from 'ava';
import { networkOf } from '../../host-tools/bench/probe/own-network.ts';

const interfaces = [
  { address: '127.0.0.1', netmask: '255.0.0.0', cidr: '127.0.0.1/8' },
  { address: '172.20.77.3', netmask: '255.255.240.0', cidr: '172.20.77.3/20' },
];

test('the network is the address without its host part', (t) => {
  t.is(networkOf('172.20.77.3', interfaces), '172.20.64.0/20');
  t.is(networkOf('127.0.0.1', interfaces), '127.0.0.0/8');
});

test('an address that no interface has lies in no known network', (t) => {
  t.is(networkOf('172.20.77.4', interfaces), null);
  t.is(networkOf('172.20.77.3', [{ ...interfaces[1], cidr: null }]), null);
});
