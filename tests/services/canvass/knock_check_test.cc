#include "services/canvass/knock_check.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "base/status.h"

namespace snowfield::canvass {
namespace {

v1::Knock Good() {
  v1::Knock knock;
  knock.set_knock_id("0d9bfa05-7b0d-4a83-9f43-1ce1a1f0d3a0");
  knock.set_door_id(12);
  knock.set_result(v1::KNOCK_RESULT_CANVASSED);
  knock.mutable_phone_time()->set_seconds(1'700'000'000);
  return knock;
}

TEST(CheckKnock, TakesAGoodOne) {
  v1::Knock knock = Good();
  EXPECT_TRUE(CheckKnock(knock).ok());
  knock.set_result(v1::KNOCK_RESULT_LANGUAGE_BARRIER);
  knock.set_language("zh-Hant");
  knock.set_note(std::string(2000, 'x'));
  EXPECT_TRUE(CheckKnock(knock).ok()) << CheckKnock(knock);
}

TEST(CheckKnock, CountsCharactersNotBytes) {
  v1::Knock knock = Good();
  std::string note;
  for (int i = 0; i < kNoteCharactersMax; ++i) note += "ü";
  knock.set_note(note);
  EXPECT_TRUE(CheckKnock(knock).ok());
  knock.set_note(note + "ü");
  EXPECT_EQ(base::DetailOf(CheckKnock(knock)).reason, "TOO_LONG");
}

struct BadCase {
  const char* reason;
  const char* field;
  std::function<void(v1::Knock&)> spoil;
};

TEST(CheckKnock, SaysWhatIsWrongAndWhere) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<BadCase> cases = {
      {"DOOR_MISSING", "door_id", [](v1::Knock& k) { k.clear_door_id(); }},
      {"DOOR_MISSING", "door_id", [](v1::Knock& k) { k.set_door_id(-1); }},
      {"RESULT_MISSING", "result", [](v1::Knock& k) { k.clear_result(); }},
      {"RESULT_UNKNOWN", "result", [](v1::Knock& k) { k.set_result(static_cast<v1::KnockResult>(99)); }},
      {"LANGUAGE_MISSING", "language", [](v1::Knock& k) { k.set_result(v1::KNOCK_RESULT_LANGUAGE_BARRIER); }},
      {"LANGUAGE_INVALID", "language", [](v1::Knock& k) { k.set_language("Spanish, I think"); }},
      {"PHONE_TIME_MISSING", "phone_time", [](v1::Knock& k) { k.clear_phone_time(); }},
      {"PHONE_TIME_INVALID", "phone_time",
       [](v1::Knock& k) { k.mutable_phone_time()->set_seconds(std::numeric_limits<int64_t>::max()); }},
      {"POSITION_INVALID", "position", [&](v1::Knock& k) { k.mutable_position()->set_latitude(nan); }},
      {"POSITION_INVALID", "position", [](v1::Knock& k) { k.mutable_position()->set_longitude(500); }},
      {"POSITION_INVALID", "accuracy_m", [](v1::Knock& k) { k.set_accuracy_m(-1); }},
      {"POSITION_INVALID", "accuracy_m",
       [](v1::Knock& k) { k.set_accuracy_m(std::numeric_limits<float>::infinity()); }},
      {"NUMBER_NEGATIVE", "monotonic_ms", [](v1::Knock& k) { k.set_monotonic_ms(-1); }},
      {"NUMBER_NEGATIVE", "running_number", [](v1::Knock& k) { k.set_running_number(-1); }},
      {"TOO_LONG", "boot_id", [](v1::Knock& k) { k.set_boot_id(std::string(65, 'b')); }},
      {"TEXT_INVALID", "note", [](v1::Knock& k) { k.set_note(std::string("a\0b", 3)); }},
      {"TOO_MANY", "responses",
       [](v1::Knock& k) {
         for (int i = 0; i < 65; ++i) k.add_responses();
       }},
      {"TOO_MANY", "asks",
       [](v1::Knock& k) {
         for (int i = 0; i < 65; ++i) k.add_asks();
       }},
      {"QUESTION_MISSING", "responses[0].question", [](v1::Knock& k) { k.add_responses()->set_answer("1"); }},
      {"ANSWER_MISSING", "responses[0].answer", [](v1::Knock& k) { k.add_responses()->set_question("support"); }},
      {"ASK_MISSING", "asks[0].ask", [](v1::Knock& k) { k.add_asks(); }},
      {"ANSWER_MISSING", "asks[0].answer", [](v1::Knock& k) { k.add_asks()->set_ask(v1::ASK_KIND_DONATE); }},
      {"KNOCK_ID_INVALID", "corrects_knock_id", [](v1::Knock& k) { k.set_corrects_knock_id("17"); }},
      {"CORRECTS_ITSELF", "corrects_knock_id", [](v1::Knock& k) { k.set_corrects_knock_id(k.knock_id()); }},
  };
  for (const BadCase& bad : cases) {
    v1::Knock knock = Good();
    bad.spoil(knock);
    const absl::Status status = CheckKnock(knock);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << bad.reason;
    EXPECT_EQ(base::DetailOf(status).reason, bad.reason);
    EXPECT_EQ(base::DetailOf(status).field, bad.field);
    EXPECT_FALSE(status.message().empty());
  }
}

}  // namespace
}  // namespace snowfield::canvass
