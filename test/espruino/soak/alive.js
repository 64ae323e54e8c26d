/*
 * Runs inside the real Espruino interpreter, after stage.js: the router's turn in an interval of the interpreter's
 * own, and something happens to it after some turns, as `fate` says. Then: is the watchdog still kicked?
 */
var plan = JSON.parse(stage.readFile('soak.json'));
var bundle = stage.readFile('firmware.js');

stage.files = plan.files;
stage.wire(plan.wan, plan.lan);
plan.room = [];
plan.i = 0;
while (plan.i++ < 20000) plan.room.push(0);
plan.room = undefined;
process.memory();
eval(bundle);

plan.turns = 0;
plan.kicksBefore = 0;
stage.setInterval(function () {
  if (++plan.turns == 20) {
    plan.kicksBefore = stage.kicks;
    if (plan.fate == 'exception') throw new Error('turn 20');
    if (plan.fate == 'ctrl-c') interrupt();
  }
  stage.turn(0.5);
}, 2);

stage.setTimeout(function () {
  stage.print(
    '\nHAIRPIN-ALIVE ' +
      JSON.stringify({
        before: plan.kicksBefore,
        kicks: stage.kicks,
        watchdog: stage.watchdog,
        turns: plan.turns,
      }),
  );
  quit();
}, 1500);
