#include "services/canvass/enrolment.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/store/access_store.h"
#include "services/access/source.h"
#include "services/access/token.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {
namespace {
using canvass::v1::EnrolPhoneRequest;
using canvass::v1::EnrolPhoneResponse;

class Enrolment : public testing::Test {
 protected:
  std::string MakeCode(absl::Duration life = absl::Hours(72), access::CodeForm form = access::CodeForm::kScanned) {
    const access::NewSecret code = access::NewEnrolmentCode(field_.campaign.campaign, form);
    auto transaction = field_.database.pool().Begin({.campaign = field_.campaign.campaign});
    EXPECT_TRUE(transaction.ok());
    EXPECT_TRUE(db::InsertEnrolmentCode(*transaction, code.hash, field_.canvasser, field_.clock.Now() + life).ok());
    EXPECT_TRUE(transaction->Commit().ok());
    return code.text;
  }

  grpc::Status Enrol(const std::string& code, EnrolPhoneResponse* response, const std::string& label = "Ida's phone") {
    EnrolPhoneRequest request;
    request.set_code(code);
    request.set_label(label);
    return field_.canvass().EnrolPhone(field_.As("").get(), request, response);
  }

  std::string MakeTypedCode() { return MakeCode(absl::Hours(24), access::CodeForm::kTyped); }
  std::string Guess() { return access::NewEnrolmentCode(field_.campaign.campaign, access::CodeForm::kTyped).text; }
  // As a server would do it for a call from this source.
  std::string ReasonFor(db::Pool& pool, const std::string& code, int source) {
    const access::Call call{.source = access::SourceOf(absl::StrCat("ipv4:192.0.2.", source, ":1"), "")};
    EnrolPhoneRequest request;
    request.set_code(code);
    const auto response = canvass::Enrol(pool, call, request, field_.clock.Now());
    return response.ok() ? "" : base::DetailOf(response.status()).reason;
  }
  int64_t Locks(const std::string& subject) {
    return field_.Count("select count(*) from audit_log where action = 'enrolment.lock' and subject_kind = '" +
                        subject + "'");
  }

  Field field_;
};

TEST_F(Enrolment, AShortCodeEnrolsOnce) {
  const std::string code = MakeTypedCode();
  EnrolPhoneResponse response;
  ASSERT_TRUE(Enrol(code, &response).ok());
  EXPECT_EQ(ReasonOf(Enrol(code, &response)), "ENROLMENT_CODE_INVALID");
}

TEST_F(Enrolment, RightCodesDoNotCountAsGuesses) {
  EnrolPhoneResponse response;
  for (int i = 0; i < 3 * canvass::kTypedFailuresPerSource.failures; ++i) {
    ASSERT_TRUE(Enrol(MakeTypedCode(), &response).ok()) << i;
  }
}

TEST_F(Enrolment, WrongShortCodesLockTheirSourceAndSayNothingOfTheRightOne) {
  EnrolPhoneResponse response;
  for (int i = 0; i < canvass::kTypedFailuresPerSource.failures; ++i) {
    EXPECT_EQ(ReasonOf(Enrol(Guess(), &response)), "ENROLMENT_CODE_INVALID") << i;
  }
  const std::string right = MakeTypedCode();
  const grpc::Status locked = Enrol(right, &response);
  EXPECT_EQ(locked.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(locked), "ENROLMENT_LOCKED");
  EXPECT_EQ(Locks("source"), 1);
  EXPECT_EQ(ReasonFor(field_.database.pool(), MakeTypedCode(), 8), "") << "another source is not locked";
  EXPECT_TRUE(Enrol(MakeCode(), &response).ok()) << "a scanned code works under a lock";
  field_.clock.Advance(canvass::kTypedFailuresPerSource.lock + absl::Seconds(1));
  EXPECT_TRUE(Enrol(right, &response).ok());
}

TEST_F(Enrolment, ALockHoldsForEveryServerAndOverARestart) {
  for (int i = 0; i < canvass::kTypedFailuresPerSource.failures; ++i) {
    // Every guess by a server that has just started.
    const auto pool = db::Pool::Open({.connection_string = field_.database.connection_string()});
    ASSERT_TRUE(pool.ok());
    EXPECT_EQ(ReasonFor(**pool, Guess(), 7), "ENROLMENT_CODE_INVALID");
  }
  const auto fresh = db::Pool::Open({.connection_string = field_.database.connection_string()});
  ASSERT_TRUE(fresh.ok());
  EXPECT_EQ(ReasonFor(**fresh, MakeTypedCode(), 7), "ENROLMENT_LOCKED");
}

TEST_F(Enrolment, OfManyGuessesAtOnceNoMoreThanTheLimitAreLookedAt) {
  std::atomic<int> looked_at = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 32; ++i) {
    threads.emplace_back([&, guess = Guess()] {
      const std::string reason = ReasonFor(field_.database.pool(), guess, 7);
      EXPECT_TRUE(reason == "ENROLMENT_CODE_INVALID" || reason == "ENROLMENT_LOCKED") << reason;
      if (reason == "ENROLMENT_CODE_INVALID") ++looked_at;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(looked_at, canvass::kTypedFailuresPerSource.failures);
  EXPECT_EQ(Locks("source"), 1);
}

// 100,000 guesses from 10 sources over 28 hours, while 50 codes are out, and some thousands over the wire.
TEST_F(Enrolment, AHundredThousandGuessesFindNothing) {
  constexpr int kGuesses = 100'000, kOverTheWire = 3'000, kSources = 10;
  for (int i = 0; i < 50; ++i) MakeTypedCode();
  const int64_t phones_before = field_.Count("select count(*) from phone");
  int looked_at = 0;
  for (int i = 0; i < kGuesses - kOverTheWire; ++i) {
    const std::string reason = ReasonFor(field_.database.pool(), Guess(), i % kSources);
    ASSERT_TRUE(reason == "ENROLMENT_CODE_INVALID" || reason == "ENROLMENT_LOCKED") << reason;
    if (reason == "ENROLMENT_CODE_INVALID") ++looked_at;
    field_.clock.Advance(absl::Seconds(1));
  }
  EnrolPhoneResponse response;
  for (int i = 0; i < kOverTheWire; ++i) {
    const std::string reason = ReasonOf(Enrol(Guess(), &response));
    ASSERT_TRUE(reason == "ENROLMENT_CODE_INVALID" || reason == "ENROLMENT_LOCKED") << reason;
  }
  EXPECT_EQ(field_.Count("select count(*) from phone"), phones_before);
  // 100 an hour, each hour of guesses followed by an hour of lock.
  EXPECT_LE(looked_at, 100 * 28);
  EXPECT_GT(looked_at, 0);
  EXPECT_GE(Locks("campaign"), 10);
  EXPECT_GE(Locks("source"), 1);
  EXPECT_LE(field_.Count("select count(*) from enrolment_guard"), kSources + 2) << "what is a day old is forgotten";
  EXPECT_EQ(ReasonOf(Enrol(MakeTypedCode(), &response)), "ENROLMENT_LOCKED");
}

TEST_F(Enrolment, MakesAPhoneWithATokenThatWorks) {
  EnrolPhoneResponse response;
  const grpc::Status status = Enrol(MakeCode(), &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.member_id(), field_.canvasser.value);
  EXPECT_GT(response.phone_id(), 0);
  canvass::v1::ListMyWalkListsResponse lists;
  EXPECT_TRUE(field_.canvass().ListMyWalkLists(field_.As(response.token()).get(), {}, &lists).ok());
  EXPECT_EQ(lists.walk_lists_size(), 1);
  EXPECT_EQ(field_.Count("select count(*) from audit_log where action = 'phone.enrol'"), 1);
  EXPECT_NEAR(response.expire_time().seconds(), absl::ToUnixSeconds(field_.clock.Now() + absl::Hours(24 * 180)), 2);
}

TEST_F(Enrolment, TheTokenExpires) {
  EnrolPhoneResponse response;
  ASSERT_TRUE(Enrol(MakeCode(), &response).ok());
  field_.clock.Advance(absl::Hours(24 * 181));
  canvass::v1::ListMyWalkListsResponse lists;
  const grpc::Status status = field_.canvass().ListMyWalkLists(field_.As(response.token()).get(), {}, &lists);
  EXPECT_EQ(ReasonOf(status), "TOKEN_EXPIRED");
}

TEST_F(Enrolment, AnswersAWrongAUsedAndAnExpiredCodeAlike) {
  const std::string used = MakeCode();
  const std::string expired = MakeCode(absl::Hours(-1));
  EnrolPhoneResponse response;
  ASSERT_TRUE(Enrol(used, &response).ok());
  const std::string wrong = access::NewEnrolmentCode(field_.campaign.campaign).text;
  const std::string elsewhere = access::NewEnrolmentCode(base::CampaignId(999)).text;
  std::vector<std::string> answers;
  for (const std::string& code : {used, expired, wrong, elsewhere, std::string("nonsense"), std::string(5000, 'A')}) {
    const grpc::Status status = Enrol(code, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
    EXPECT_EQ(ReasonOf(status), "ENROLMENT_CODE_INVALID");
    answers.push_back(status.error_message() + status.error_details());
  }
  EXPECT_EQ(std::set<std::string>(answers.begin(), answers.end()).size(), 1u);
}

TEST_F(Enrolment, RefusesALongLabelAndLeavesTheCodeUnused) {
  const std::string code = MakeCode();
  EnrolPhoneResponse response;
  const grpc::Status status = Enrol(code, &response, std::string(101, 'x'));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(FieldOf(status), "label");
  EXPECT_TRUE(Enrol(code, &response).ok());
}

TEST_F(Enrolment, OfSixteenAtOnceWithOneCodeOneGetsAPhone) {
  const std::string code = MakeCode();
  const int64_t before = field_.Count("select count(*) from phone");
  std::atomic<int> enrolled = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      EnrolPhoneResponse response;
      const grpc::Status status = Enrol(code, &response);
      EXPECT_TRUE(status.ok() || ReasonOf(status) == "ENROLMENT_CODE_INVALID") << status.error_message();
      if (status.ok()) ++enrolled;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(enrolled, 1);
  EXPECT_EQ(field_.Count("select count(*) from phone"), before + 1);
}

}  // namespace
}  // namespace snowfield::tests
