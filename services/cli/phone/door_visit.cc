#include "services/cli/phone/door_visit.h"

#include <cmath>
#include <numbers>
#include <string>

#include "absl/strings/str_cat.h"

namespace snowfield::cli {
namespace {
using canvass::v1::AskAnswer;
using canvass::v1::AskKind;
using canvass::v1::Knock;
using canvass::v1::KnockResult;

constexpr double kMetresPerDegree = 111'320;
constexpr const char* kIssues[] = {"rent", "schools", "clinic", "wages", "buses", "safety", "climate"};
constexpr const char* kLanguages[] = {"es", "zh-Hant", "vi", "am", "ar"};

KnockResult ResultOf(bool opened, Dice& dice) {
  using namespace canvass::v1;  // NOLINT(google-build-using-namespace): the results, all of them
  if (opened) {
    return dice.Pick<KnockResult>({{KNOCK_RESULT_CANVASSED, 78},
                                   {KNOCK_RESULT_REFUSED, 13},
                                   {KNOCK_RESULT_COME_BACK, 5},
                                   {KNOCK_RESULT_LANGUAGE_BARRIER, 2},
                                   {KNOCK_RESULT_ALREADY_VOTED, 1},
                                   {KNOCK_RESULT_HOSTILE, 0.5},
                                   {KNOCK_RESULT_DO_NOT_CONTACT, 0.5}});
  }
  return dice.Pick<KnockResult>({{KNOCK_RESULT_NOT_HOME, 78},
                                 {KNOCK_RESULT_LITERATURE_LEFT, 12},
                                 {KNOCK_RESULT_INACCESSIBLE, 4},
                                 {KNOCK_RESULT_VACANT, 2.5},
                                 {KNOCK_RESULT_MOVED, 2},
                                 {KNOCK_RESULT_WRONG_ADDRESS, 1},
                                 {KNOCK_RESULT_DECEASED, 0.5}});
}

void Ask(Knock& knock, int64_t person_id, AskKind kind, AskAnswer answer) {
  canvass::v1::KnockAsk& ask = *knock.add_asks();
  ask.set_person_id(person_id);
  ask.set_ask(kind);
  ask.set_answer(answer);
}

AskAnswer AnswerOf(double yes, double maybe, Dice& dice) {
  return dice.Pick<AskAnswer>({{canvass::v1::ASK_ANSWER_YES, yes},
                               {canvass::v1::ASK_ANSWER_MAYBE, maybe},
                               {canvass::v1::ASK_ANSWER_NO, 1 - yes - maybe}});
}

void Respond(Knock& knock, int64_t person_id, const std::string& question, const std::string& answer) {
  canvass::v1::KnockResponse& response = *knock.add_responses();
  response.set_person_id(person_id);
  response.set_question(question);
  response.set_answer(answer);
}

// Those who support are asked for more; the undecided, for their vote plan.
void Talk(Knock& knock, int64_t person_id, Dice& dice) {
  const int support = dice.Pick<int>({{1, 25}, {2, 20}, {3, 25}, {4, 12}, {5, 18}});
  Respond(knock, person_id, "support", absl::StrCat(support));
  if (dice.Chance(0.6)) Respond(knock, person_id, "issue", kIssues[dice.Below(std::size(kIssues))]);
  if (support <= 2) {
    if (dice.Chance(0.6)) Ask(knock, person_id, canvass::v1::ASK_KIND_VOLUNTEER, AnswerOf(0.15, 0.2, dice));
    if (dice.Chance(0.15)) Ask(knock, person_id, canvass::v1::ASK_KIND_HOST_MEETING, AnswerOf(0.08, 0.12, dice));
    if (dice.Chance(0.4)) Ask(knock, person_id, canvass::v1::ASK_KIND_YARD_SIGN, AnswerOf(0.3, 0.1, dice));
  }
  if (support <= 3 && dice.Chance(0.5)) {
    Ask(knock, person_id, canvass::v1::ASK_KIND_VOTE_PLAN, AnswerOf(0.6, 0.25, dice));
  }
}

// Some metres from the door, as a phone among houses has it.
void Locate(const canvass::v1::ListDoor& door, Knock& knock, Dice& dice) {
  const double distance_m = 12 * dice.Share();
  const double angle = 2 * std::numbers::pi * dice.Share();
  const double latitude = door.position().latitude();
  const double metres_per_longitude = kMetresPerDegree * std::cos(latitude * std::numbers::pi / 180);
  knock.mutable_position()->set_latitude(latitude + distance_m * std::sin(angle) / kMetresPerDegree);
  knock.mutable_position()->set_longitude(door.position().longitude() +
                                          distance_m * std::cos(angle) / metres_per_longitude);
  knock.set_accuracy_m(static_cast<float>(4 + 11 * dice.Share()));
}

}  // namespace

DoorVisit VisitDoor(const canvass::v1::ListDoor& door, double contact_rate, Dice& dice) {
  DoorVisit visit;
  visit.opened = dice.Chance(contact_rate);
  Knock& knock = visit.knock;
  knock.set_door_id(door.door_id());
  knock.set_result(ResultOf(visit.opened, dice));
  const int64_t person_id = door.people().empty() ? 0 : door.people(dice.Below(door.people_size())).person_id();
  if (knock.result() == canvass::v1::KNOCK_RESULT_CANVASSED) Talk(knock, person_id, dice);
  if (knock.result() == canvass::v1::KNOCK_RESULT_LANGUAGE_BARRIER) {
    knock.set_language(kLanguages[dice.Below(std::size(kLanguages))]);
  }
  Locate(door, knock, dice);
  visit.time = absl::Seconds(visit.opened ? 120 + dice.Below(240) : 40 + dice.Below(50));
  return visit;
}

}  // namespace snowfield::cli
