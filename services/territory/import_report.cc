#include "services/territory/import_report.h"

#include "base/status.h"

namespace snowfield::territory {
namespace {
struct FindingText {
  std::string_view reason;
  std::string_view field;
  bool taken;
  std::string_view message;
};

constexpr FindingText kFindings[] = {
    {"EXTERNAL_ID_REPEATED", "external_id", false,
     "an earlier row has this external_id and says something else: give each row an id of its own, or import without "
     "the "
     "id column"},
    {"PERSON_ERASED", "external_id", false,
     "this person was erased and stays out; import with bring_back_erased where they asked to come back"},
    {"REPEATED_ROW", "", true, "an earlier row says the same: it is kept as one more; leave it out if it is not"},
    {"CODE_REPEATED", "code", false, "an earlier row has this kind and code: give each boundary a code of its own"},
    {"CODE_TAKEN", "code", false,
     "a boundary of another data set has this kind and code: import under that data set's name, or choose another "
     "kind"},
    {"STREET_UNKNOWN", "street", true,
     "no address of the map lies in this street: check the spelling, or import the street's "
     "addresses"},
    {"NUMBER_UNKNOWN", "house_number", true,
     "the street is on the map, the number is not: check it, or import the address"},
    {"UNIT_UNKNOWN", "unit", true,
     "the building has several doors, and none of them is this unit: give the unit as the "
     "addresses have it"},
    {"AMBIGUOUS", "postal_code", true, "several places of the map have this address: give postal code and city"},
    {"ADDRESS_UNREADABLE", "address_line", true,
     "no house number and street could be read: give them in their own columns"},
    {"UNIT_NOT_ON_MAP", "unit", true, "the map has one door without units here: the person was put behind it"},
};

constexpr std::string_view kRepeatedLeftOut = "an earlier row says the same: it is left out";

bool KeepsRepeated(v1::ImportKind kind) {
  return kind == v1::IMPORT_KIND_ADDRESSES || kind == v1::IMPORT_KIND_STREETS || kind == v1::IMPORT_KIND_BARRIERS;
}

v1::ImportIssue MakeIssue(uint64_t line, std::string_view reason, std::string_view field, std::string_view message,
                          bool taken) {
  v1::ImportIssue issue;
  issue.set_line(line);
  issue.set_reason(std::string(reason));
  issue.set_field(std::string(field));
  issue.set_message(std::string(message));
  issue.set_taken(taken);
  return issue;
}
}  // namespace

absl::Status ImportReport::CountRow() {
  ++received_;
  return received_ % kProgressRows == 0 ? SendProgress() : absl::OkStatus();
}

absl::Status ImportReport::Reject(uint64_t line, const absl::Status& problem) {
  const base::ProblemDetail detail = base::DetailOf(problem);
  ++rejected_;
  return SendIssue(MakeIssue(line, detail.reason, detail.field, base::MessageOf(problem), false));
}

absl::Status ImportReport::Remark(uint64_t line, std::string_view reason, std::string_view field,
                                  std::string_view message) {
  return SendIssue(MakeIssue(line, reason, field, message, true));
}

absl::Status ImportReport::Finding(int64_t line, std::string_view reason) {
  for (const FindingText& text : kFindings) {
    if (text.reason != reason) continue;
    const bool left_out = reason == "REPEATED_ROW" && !KeepsRepeated(kind_);
    const bool taken = text.taken && !left_out;
    if (!taken) ++rejected_;
    return SendIssue(
        MakeIssue(static_cast<uint64_t>(line), reason, text.field, left_out ? kRepeatedLeftOut : text.message, taken));
  }
  return absl::InternalError("a finding without words");
}

absl::Status ImportReport::Stage(std::string_view stage) {
  stage_ = stage;
  return SendProgress();
}

absl::Status ImportReport::SendIssue(const v1::ImportIssue& issue) {
  if (++issues_ > kIssuesSentMax) return absl::OkStatus();
  v1::ImportRowsResponse answer;
  *answer.mutable_issue() = issue;
  return SendAnswer(answer);
}

absl::Status ImportReport::SendProgress() {
  v1::ImportRowsResponse answer;
  answer.mutable_progress()->set_received(received_);
  answer.mutable_progress()->set_rejected(rejected_);
  answer.mutable_progress()->set_stage(stage_);
  return SendAnswer(answer);
}

absl::Status ImportReport::SendAnswer(const v1::ImportRowsResponse& answer) {
  if (send_(answer)) return absl::OkStatus();
  return base::Problem(absl::StatusCode::kCancelled, "CANCELLED", "", "the caller has gone; nothing was stored");
}

}  // namespace snowfield::territory
