#include "base/uuid.h"

#include <gtest/gtest.h>

#include <set>

#include "base/status.h"

namespace snowfield::base {
namespace {

TEST(Uuid, SurvivesTheRoundTrip) {
  const auto uuid = Uuid::Parse("0A1b2C3d-4e5F-6071-8293-a4B5c6D7e8F9", "knock_id");
  ASSERT_TRUE(uuid.ok());
  EXPECT_EQ(uuid->ToString(), "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9");
}

TEST(Uuid, RefusesWhatIsNoneByField) {
  for (const char* text : {"", "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f",
                           "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8fg", "0a1b2c3d_4e5f-6071-8293-a4b5c6d7e8f9",
                           "00000000-0000-0000-0000-000000000000", "{a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"}) {
    EXPECT_EQ(DetailOf(Uuid::Parse(text, "knock_id").status()).field, "knock_id") << text;
  }
}

TEST(Uuid, RandomOnesAreVersion4AndDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string text = Uuid::Random().ToString();
    EXPECT_EQ(text[14], '4');
    EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos);
    EXPECT_TRUE(seen.insert(text).second);
  }
}

}  // namespace
}  // namespace snowfield::base
