"""Ninety questions to the demonstration whose answers are known: thirty in each language.

Each says what it forgives, what is asked, and the address (in Korean) of what must be found: FIRST
of all, or among the FOUND of the first page.
"""

from __future__ import annotations

FIRST, FOUND = "first", "found"

Asked = tuple[str, str, str, str]  # what it forgives, the text, where it must stand, the address

KOREAN: list[Asked] = [
    ("particle", "프놈펜에서", FIRST, "/partners/cities/phnom-penh/"),
    ("particle", "울란바토르와", FIRST, "/partners/cities/ulaanbaatar/"),
    ("particle", "몽골의 유치원을", FOUND, "/news/mongolia-2022/"),
    ("particle", "라오스에서의", FOUND, "/programs/laos-cpr/"),
    ("particle", "네팔은", FOUND, "/programs/nepal-smart-finance/"),
    ("particle", "사마르칸트까지", FIRST, "/partners/cities/samarkand/"),
    ("particle", "카자흐스탄과", FOUND, "/news/kazaid-triangular-2025/"),
    ("spaces", "자매 마을", FIRST, "/services/sister-villages/"),
    ("spaces", "자매마을조성", FIRST, "/services/sister-villages/"),
    ("spaces", "부산 해외 봉사단 파견", FIRST, "/services/global-friends/"),
    ("spaces", "심폐 소생술", FOUND, "/programs/laos-cpr/"),
    ("spaces", "부산개발 협력포럼", FOUND, "/programs/forum-2022/"),
    ("spaces", "세계 개발 원조 총회", FIRST, "/programs/hlf4-2011/"),
    ("spaces", "개인 정보 처리방침", FIRST, "/about/privacy/"),
    ("inside a word", "총회", FIRST, "/programs/hlf4-2011/"),
    ("inside a word", "항만", FOUND, "/partners/organisations/bpa/"),
    ("inside a word", "벽화", FOUND, "/programs/gf-2017-ulaanbaatar/"),
    ("inside a word", "결핵", FOUND, "/partners/organisations/knta/"),
    ("inside a word", "금융", FOUND, "/programs/nepal-smart-finance/"),
    ("inside a word", "수산", FOUND, "/programs/oda-course-2019/"),
    ("inside a word", "지하철", FOUND, "/programs/egypt-metro/"),
    ("one character", "밋", FOUND, "/partners/organisations/pknu/"),
    ("its own name", "ភ្នំពេញ", FIRST, "/partners/cities/phnom-penh/"),
    ("its own name", "Улаанбаатар", FIRST, "/partners/cities/ulaanbaatar/"),
    ("name of another language", "胡志明市", FIRST, "/partners/cities/ho-chi-minh-city/"),
    ("name of another language", "Yangon", FIRST, "/partners/cities/yangon/"),
    ("accent", "Montreal", FIRST, "/partners/cities/montreal/"),
    ("accent", "Cote d'Ivoire", FOUND, "/programs/koica-multi-2023/"),
    ("width", "ＫＯＩＣＡ", FOUND, "/partners/organisations/koica/"),
    ("figures", "2025년 중앙아시아", FOUND, "/programs/kazaid-triangular-2025/"),
]

ENGLISH: list[Asked] = [
    ("stem", "volunteers abroad", FOUND, "/faq/#who-can-volunteer"),
    ("stem", "kindergartens", FOUND, "/news/sister-village-2020/"),
    ("stem", "metros operated", FOUND, "/programs/egypt-metro/"),
    ("stem", "repairing", FOUND, "/news/sister-village-2020/"),
    ("stem", "leading policy", FOUND, "/programs/koica-multi-2023/"),
    ("stem", "forums of Busan", FOUND, "/services/oda-forum/"),
    ("stem", "course on seafood product", FOUND, "/programs/oda-course-2019/"),
    ("stem", "cooperating day ceremonies", FIRST, "/programs/devday-2019/"),
    ("stem", "certificates of volunteering", FOUND, "/faq/#certificates"),
    ("stem", "Mongolian kindergartens", FOUND, "/news/mongolia-2022/"),
    ("capitals", "bexco", FIRST, "/partners/organisations/bexco/"),
    ("capitals", "PRIVACY POLICY", FIRST, "/about/privacy/"),
    ("capitals", "phnom penh", FIRST, "/partners/cities/phnom-penh/"),
    ("hyphen", "Phnom-Penh", FIRST, "/partners/cities/phnom-penh/"),
    ("stop words", "the Green Doctors", FOUND, "/partners/organisations/green-doctors/"),
    ("accent", "Côte d’Ivoire", FOUND, "/programs/koica-multi-2023/"),
    ("accent", "Cote d'Ivoire", FOUND, "/programs/koica-multi-2023/"),
    ("accent", "Montreal", FIRST, "/partners/cities/montreal/"),
    ("accent", "Valparaiso", FIRST, "/partners/cities/valparaiso/"),
    ("accent", "Hô Chi Minh City", FIRST, "/partners/cities/ho-chi-minh-city/"),
    ("its own name", "thanh pho ho chi minh", FIRST, "/partners/cities/ho-chi-minh-city/"),
    ("its own name", "Tamaki Makaurau", FIRST, "/partners/cities/auckland/"),
    ("its own name", "istanbul", FIRST, "/partners/cities/istanbul/"),
    ("its own name", "Санкт-Петербург", FIRST, "/partners/cities/saint-petersburg/"),
    ("its own name", "กรุงเทพ", FIRST, "/partners/cities/bangkok/"),
    ("its own name", "Θεσσαλονικη", FIRST, "/partners/cities/thessaloniki/"),
    ("spaces", "Vietnam", FOUND, "/programs/asean-officials-2018/"),
    ("spaces", "Viet Nam", FOUND, "/programs/asean-officials-2018/"),
    ("name of another language", "부산대학교", FIRST, "/partners/organisations/pnu/"),
    ("figures", "107 kinds", FOUND, "/news/mongolia-2022/"),
]

CHINESE: list[Asked] = [
    ("old characters", "金邊", FIRST, "/partners/cities/phnom-penh/"),
    ("old characters", "烏蘭巴托", FIRST, "/partners/cities/ulaanbaatar/"),
    ("old characters", "緬甸", FOUND, "/programs/gf-2019-yangon/"),
    ("old characters", "釜山發展合作論壇", FOUND, "/programs/forum-2022/"),
    ("old characters", "醫療組志願者", FOUND, "/volunteers/calls/demo-medical/"),
    ("old characters", "幼兒園", FOUND, "/news/sister-village-2020/"),
    ("old characters", "隱私政策", FIRST, "/about/privacy/"),
    ("old characters", "版權政策", FIRST, "/about/copyright/"),
    ("old characters", "漢堡", FIRST, "/partners/cities/hamburg/"),
    ("old characters", "廣州", FIRST, "/partners/cities/guangzhou/"),
    ("old characters", "長崎縣", FIRST, "/partners/cities/nagasaki/"),
    ("old characters", "萬象", FIRST, "/partners/cities/vientiane/"),
    ("old characters", "聖彼得堡", FIRST, "/partners/cities/saint-petersburg/"),
    ("old characters", "開羅", FIRST, "/partners/cities/cairo/"),
    ("old characters", "東盟國家官員", FOUND, "/programs/asean-officials-2017/"),
    ("old characters", "結核病篩查", FOUND, "/news/mongolia-2022/"),
    ("inside a word", "地铁", FOUND, "/partners/organisations/cairo-metro/"),
    ("inside a word", "心肺", FOUND, "/news/laos-cpr-2021/"),
    ("inside a word", "金融", FOUND, "/programs/nepal-smart-finance/"),
    ("inside a word", "大学", FOUND, "/partners/organisations/pnu/"),
    ("inside a word", "海洋", FOUND, "/programs/marine-environment/"),
    ("inside a word", "智慧", FOUND, "/news/cpsc-2023/"),
    ("inside a word", "招募", FOUND, "/volunteers/calls/demo-culture/"),
    ("spaces", "发展 合作日", FIRST, "/programs/devday-2019/"),
    ("spaces", "姐妹 村", FOUND, "/services/sister-villages/"),
    ("one character", "仰", FIRST, "/partners/cities/yangon/"),
    ("width", "第１１期志愿团", FOUND, "/news/global-friends-2019/"),
    ("its own name", "Алматы", FIRST, "/partners/cities/almaty/"),
    ("name of another language", "호찌민", FIRST, "/partners/cities/ho-chi-minh-city/"),
    ("name of another language", "KOICA", FOUND, "/partners/organisations/koica/"),
]

QUESTIONS = [
    (language, *asked)
    for language, table in (("ko", KOREAN), ("en", ENGLISH), ("zh-hans", CHINESE))
    for asked in table
]
