/*
 * How long the tools wait for a board, ms. Rounded up generously: nobody waits so long when all is well.
 */

/** For the answer to a greeting, before the next one: the console paces its output, and the REPL may be busy. */
export const greetingWithin = 1000;
/** Greetings to a line on which nothing at all arrives: a REPL waits 5 s for the rest of a packet that was begun. */
export const greetingsInSilence = 6;
/** Greetings while something arrives: a board that starts talks for some seconds before its console is there. */
export const greetingsInNoise = 20;
/** Silence after which an answer counts as lost. A busy router answers between packets. */
export const answerWithin = 4000;
/** The same for a change, and for the last piece of a configuration: the board reads and checks the whole configuration first, 12 to 25 s with thirty forwards. */
export const changeWithin = 30_000;
/** Behind Ctrl-C: the interpreter hands on in one piece what comes together. */
export const afterControlC = 100;
/** From the answer to `reboot` until the board can no longer be the one before. */
export const afterReboot = 1500;
