/*
 * Runs inside the real Espruino interpreter, behind stage.js and in front of the bundle, all three read from Storage
 * as a board reads its boot files: board and chips for the bundle, fewer variables if asked, and notes of how many are
 * in use at moments of the boot that the platform's calls show.
 *
 * `checkpoints` is made by a line in front of this file: files, wan, lan, opening and unsettled arrivals, spare (bytes
 * taken away from the bundle).
 */
stage.files = checkpoints.files;
stage.wire(checkpoints.wan, checkpoints.lan);

(function (checkpoints, stage) {
  var getAddressOf = E.getAddressOf;
  var setup = SPI2.setup;
  checkpoints.notes = {};
  checkpoints.note = function (name) {
    checkpoints.notes[name] = process.memory().usage;
  };
  /* The first thing the bundle asks when all of it is defined, and the first when both files are read. */
  E.getAddressOf = function (data, flat) {
    checkpoints.note('defined');
    return getAddressOf(data, flat);
  };
  SPI2.setup = function () {
    checkpoints.note('read');
    setup();
  };
  checkpoints.arrive = function (arrival) {
    var bytes = new Uint8Array(arrival.hex.length / 2);
    for (var i = 0; i < bytes.length; i++) bytes[i] = parseInt(arrival.hex.substr(2 * i, 2), 16);
    if (arrival.vary) {
      checkpoints.count++;
      bytes[arrival.vary] = checkpoints.count >>> 8;
      bytes[arrival.vary + 1] = checkpoints.count;
    }
    stage.deliver(arrival.port, bytes, bytes.length);
  };
  checkpoints.count = 2000;
  /* Both chips up, flows open, then control's frames, some of which wait for a neighbour at the end. */
  checkpoints.serve = function (rounds) {
    for (var i = 0; i < 10; i++) stage.turn(0.02);
    checkpoints.note('up');
    checkpoints.opening.forEach(checkpoints.arrive);
    while (rounds--) checkpoints.unsettled.forEach(checkpoints.arrive);
    checkpoints.note('served');
  };
  /* Whether every request is answered. */
  checkpoints.ask = function (lines) {
    return lines.every(function (line) {
      return hairpin(line).indexOf('"ok":true') > 0;
    });
  };
})(checkpoints, stage);

/* Garbage first, so that the free variables are in order; and in pieces, because an array has 65535 bytes at most. */
checkpoints.note('stage');
checkpoints.taken = [];
checkpoints.take = function () {
  var bytes = checkpoints.spare < 42000 ? checkpoints.spare : 42000;
  checkpoints.spare -= bytes;
  checkpoints.taken.push(new Uint8Array(bytes));
};
while (checkpoints.spare >= 20) checkpoints.take();
