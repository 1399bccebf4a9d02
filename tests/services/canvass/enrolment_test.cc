#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "db/store/access_store.h"
#include "services/access/token.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {
namespace {
using canvass::v1::EnrolPhoneRequest;
using canvass::v1::EnrolPhoneResponse;

class Enrolment : public testing::Test {
 protected:
  std::string MakeCode(absl::Duration life = absl::Hours(72)) {
    const access::NewSecret code = access::NewEnrolmentCode(field_.campaign.campaign);
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

  Field field_;
};

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
