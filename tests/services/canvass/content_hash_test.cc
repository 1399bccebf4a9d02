#include "services/canvass/content_hash.h"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "absl/strings/escaping.h"
#include "base/list_number.h"

namespace snowfield::canvass {
namespace {

v1::Knock Whole() {
  v1::Knock knock;
  knock.set_knock_id("0d9bfa05-7b0d-4a83-9f43-1ce1a1f0d3a0");
  knock.set_door_id(12);
  knock.set_list_number(base::MakeListNumber(5));
  knock.set_result(v1::KNOCK_RESULT_CANVASSED);
  knock.mutable_phone_time()->set_seconds(1'700'000'000);
  knock.set_boot_id("boot");
  knock.set_monotonic_ms(5);
  knock.set_running_number(6);
  knock.mutable_position()->set_longitude(1.5);
  knock.mutable_position()->set_latitude(2.5);
  knock.set_accuracy_m(3);
  knock.set_language("es");
  knock.set_note("note");
  v1::KnockResponse& response = *knock.add_responses();
  response.set_person_id(1);
  response.set_question("support");
  response.set_answer("1");
  v1::KnockAsk& ask = *knock.add_asks();
  ask.set_person_id(1);
  ask.set_ask(v1::ASK_KIND_VOLUNTEER);
  ask.set_answer(v1::ASK_ANSWER_YES);
  knock.set_corrects_knock_id("1d9bfa05-7b0d-4a83-9f43-1ce1a1f0d3a0");
  return knock;
}

TEST(ContentHash, IsTheSameForAResend) {
  v1::Knock copy;
  ASSERT_TRUE(copy.ParseFromString(Whole().SerializeAsString()));
  EXPECT_EQ(ContentHash(copy), ContentHash(Whole()));
  EXPECT_EQ(ContentHash(copy).size(), 32u);
}

TEST(ContentHash, PassesOverHowTheSameIsWritten) {
  v1::Knock other = Whole();
  const std::string number = Whole().list_number();
  other.set_list_number(number.substr(0, 4) + "-" + number.substr(4));
  other.set_corrects_knock_id("1D9BFA05-7B0D-4A83-9F43-1CE1A1F0D3A0");
  EXPECT_EQ(ContentHash(other), ContentHash(Whole()));
}

// A hash that stands in a database must mean the same for ever.
TEST(ContentHash, NeverChangesItsForm) {
  EXPECT_EQ(absl::BytesToHexString(ContentHash(v1::Knock())),
            "d3140fd5793736f5f01512fa16034dd8bb4251a44670f519d5cea31e50742d3e");
  EXPECT_EQ(absl::BytesToHexString(ContentHash(Whole())),
            "ceeace63a538ea85564eb444b1578d2407dbfd4425d48a513fc99d100b3dc5a9");
}

TEST(ContentHash, DiffersWithEachField) {
  const std::vector<std::function<void(v1::Knock&)>> changes = {
      [](v1::Knock& k) { k.set_door_id(13); },
      [](v1::Knock& k) { k.set_list_number(base::MakeListNumber(6)); },
      [](v1::Knock& k) { k.set_result(v1::KNOCK_RESULT_REFUSED); },
      [](v1::Knock& k) { k.mutable_phone_time()->set_seconds(1); },
      [](v1::Knock& k) { k.mutable_phone_time()->set_nanos(1); },
      [](v1::Knock& k) { k.clear_phone_time(); },
      [](v1::Knock& k) { k.set_boot_id("other"); },
      [](v1::Knock& k) { k.set_monotonic_ms(6); },
      [](v1::Knock& k) { k.set_running_number(7); },
      [](v1::Knock& k) { k.set_script_id(1); },
      [](v1::Knock& k) { k.mutable_position()->set_longitude(1.6); },
      [](v1::Knock& k) { k.mutable_position()->set_latitude(2.6); },
      [](v1::Knock& k) { k.clear_position(); },
      [](v1::Knock& k) { k.set_accuracy_m(4); },
      [](v1::Knock& k) { k.set_language("fr"); },
      [](v1::Knock& k) { k.set_note("other"); },
      [](v1::Knock& k) { k.clear_responses(); },
      [](v1::Knock& k) { k.mutable_responses(0)->set_person_id(2); },
      [](v1::Knock& k) { k.mutable_responses(0)->set_question("issue"); },
      [](v1::Knock& k) { k.mutable_responses(0)->set_answer("2"); },
      [](v1::Knock& k) { k.clear_asks(); },
      [](v1::Knock& k) { k.mutable_asks(0)->set_person_id(2); },
      [](v1::Knock& k) { k.mutable_asks(0)->set_ask(v1::ASK_KIND_DONATE); },
      [](v1::Knock& k) { k.mutable_asks(0)->set_answer(v1::ASK_ANSWER_NO); },
      [](v1::Knock& k) { k.clear_corrects_knock_id(); },
      // The end of one text and the start of the next are not the same as the whole.
      [](v1::Knock& k) {
        k.set_language("esn");
        k.set_note("ote");
      },
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    v1::Knock changed = Whole();
    changes[i](changed);
    EXPECT_NE(ContentHash(changed), ContentHash(Whole())) << "change " << i;
  }
}

}  // namespace
}  // namespace snowfield::canvass
