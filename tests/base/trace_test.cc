#include "base/trace.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/log.h"

namespace snowfield::base {
namespace {

constexpr char kTraceId[] = "0af7651916cd43dd8448eb211c80319c";

TEST(Trace, IdIsReadFromATraceparent) {
  EXPECT_EQ(TraceIdOf("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), kTraceId);
  EXPECT_EQ(TraceIdOf("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-is-to-come"), kTraceId)
      << "of a later version";
}

TEST(Trace, WhatIsNoTraceparentHasNoId) {
  const std::string_view wrong[] = {
      "",
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",          // too short
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",  // version 00 has no more
      "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",   // nor this a later one
      "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",       // forbidden version
      "00-00000000000000000000000000000000-b7ad6b7169203331-01",       // no id
      "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",       // no parent
      "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",       // upper case
      "00-0af7651916cd43dd8448eb211c8'; drop-b7ad6b7169203331-01",     // no hexadecimal
      "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",       // no dash
  };
  for (const std::string_view header : wrong) EXPECT_EQ(TraceIdOf(header), std::nullopt) << header;
}

TEST(Trace, NewIdsAreGoodAndDiffer) {
  const std::string first = NewTraceId();
  EXPECT_EQ(TraceIdOf("00-" + first + "-b7ad6b7169203331-01"), first);
  EXPECT_NE(NewTraceId(), first);
}

TEST(Trace, ScopesNestAndBelongToOneThread) {
  EXPECT_EQ(CurrentTraceId(), "");
  const TraceScope outer("a");
  {
    const TraceScope inner("b");
    EXPECT_EQ(CurrentTraceId(), "b");
    std::thread([] { EXPECT_EQ(CurrentTraceId(), ""); }).join();
  }
  EXPECT_EQ(CurrentTraceId(), "a");
}

TEST(Trace, LogNamesIt) {
  testing::internal::CaptureStderr();
  Log(LogLevel::kInfo, "without");
  {
    const TraceScope trace(kTraceId);
    Log(LogLevel::kInfo, "with", {{"n", 1}});
  }
  const std::string lines = testing::internal::GetCapturedStderr();
  EXPECT_NE(lines.find("\"event\":\"without\"}"), std::string::npos) << lines;
  EXPECT_NE(lines.find("\"event\":\"with\",\"trace\":\"0af7651916cd43dd8448eb211c80319c\",\"n\":1}"), std::string::npos)
      << lines;
}

}  // namespace
}  // namespace snowfield::base
