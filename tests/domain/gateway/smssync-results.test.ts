import { describe, expect, it } from "vitest";
import { type SmssyncResult, smssyncVersion, statusOf } from "../../../src/domain/gateway/smssync.ts";

const V28 = "SMSSync-Android/v2.8.3";
const V31 = "SMSSync-Android/v3.1.1";

describe("smssyncVersion", () => {
  it.each([
    [V31, { major: 3, minor: 1, patch: 1 }],
    ["SMSSync-Android/v2.7", { major: 2, minor: 7, patch: 0 }],
    ["", null],
    ["okhttp/3.6.0", null],
    ["SMSSync-Android/vNext", null],
  ])("S35 reads %j", (userAgent, version) => {
    expect(smssyncVersion(userAgent)).toEqual(version);
  });
});

describe("statusOf", () => {
  it.each`
    userAgent  | sentCode | sentMessage                            | deliveredCode | status         | reason
    ${V28}     | ${-1}    | ${"SMS sent"}                          | ${-2}         | ${"SENT"}      | ${null}
    ${V28}     | ${-1}    | ${"SMS sent"}                          | ${-1}         | ${"DELIVERED"} | ${null}
    ${V28}     | ${-1}    | ${"SMS sent"}                          | ${0}          | ${"SENT"}      | ${"not delivered"}
    ${V28}     | ${-2}    | ${null}                                | ${-2}         | ${"PENDING"}   | ${null}
    ${V28}     | ${1}     | ${null}                                | ${-2}         | ${"FAILED"}    | ${"generic failure"}
    ${V28}     | ${2}     | ${null}                                | ${null}       | ${"FAILED"}    | ${"radio off"}
    ${V28}     | ${3}     | ${null}                                | ${null}       | ${"FAILED"}    | ${"null pdu"}
    ${V28}     | ${4}     | ${null}                                | ${null}       | ${"FAILED"}    | ${"no service"}
    ${V28}     | ${5}     | ${null}                                | ${null}       | ${"FAILED"}    | ${"code 5"}
    ${V28}     | ${0}     | ${"SMS sent"}                          | ${null}       | ${null}        | ${null}
    ${V28}     | ${null}  | ${null}                                | ${null}       | ${null}        | ${null}
    ${V31}     | ${0}     | ${"Failed to send SMS - check credit"} | ${0}          | ${"FAILED"}    | ${"Failed to send SMS - check credit"}
    ${V31}     | ${0}     | ${"Échec lors de l'envoi de SMS"}      | ${null}       | ${"FAILED"}    | ${"Échec lors de l'envoi de SMS"}
    ${V31}     | ${0}     | ${"SMS sent"}                          | ${0}          | ${null}        | ${null}
    ${V31}     | ${0}     | ${"imeshindwa"}                        | ${null}       | ${null}        | ${null}
    ${V31}     | ${0}     | ${null}                                | ${-1}         | ${null}        | ${null}
    ${""}      | ${-1}    | ${null}                                | ${null}       | ${"SENT"}      | ${null}
    ${""}      | ${0}     | ${"No service"}                        | ${null}       | ${"FAILED"}    | ${"No service"}
    ${"other"} | ${0}     | ${"SMS sent"}                          | ${null}       | ${null}        | ${null}
  `("S28 $userAgent sent $sentCode $sentMessage, delivered $deliveredCode: $status", (row) => {
    const { sentCode, sentMessage, deliveredCode, status, reason } = row;
    const result: SmssyncResult = { uuid: "u1", sentCode, sentMessage, deliveredCode, deliveredMessage: null };
    expect(statusOf(result, row.userAgent)).toEqual(status === null ? null : { id: "u1", status, reason });
  });
});
