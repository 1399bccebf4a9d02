#include "base/log.h"

#include <gtest/gtest.h>

#include <limits>

namespace snowfield::base {
namespace {

TEST(Log, WritesOneJsonObjectALine) {
  ::testing::internal::CaptureStderr();
  Log(LogLevel::kWarning, "cut.finished", {{"turfs", 12}, {"seconds", 1.5}, {"whole", true}, {"reason", "a \"b\"\n"}});
  const std::string line = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(line.find(R"("level":"warning","event":"cut.finished","turfs":12,"seconds":1.5,"whole":true,)"
                      R"("reason":"a \"b\"\u000a"})"),
            std::string::npos)
      << line;
  EXPECT_EQ(line.back(), '\n');
}

TEST(Log, WritesNoNumberThatJsonLacks) {
  ::testing::internal::CaptureStderr();
  Log(LogLevel::kError, "x", {{"n", std::numeric_limits<double>::quiet_NaN()}});
  EXPECT_NE(::testing::internal::GetCapturedStderr().find("\"n\":null"), std::string::npos);
}

TEST(Log, DropsWhatIsBelowTheLevel) {
  ::testing::internal::CaptureStderr();
  SetLogLevel(LogLevel::kError);
  Log(LogLevel::kInfo, "x");
  SetLogLevel(LogLevel::kInfo);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace snowfield::base
