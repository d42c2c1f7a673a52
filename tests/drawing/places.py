"""Places that the tests of the maps share: partner cities from all over the world, and a home."""

from typing import NamedTuple

from oda_portal.drawing.geometry import Point


class City(NamedTuple):
    name: str
    lon: float
    lat: float
    country: str

    @property
    def point(self) -> Point:
        return Point(self.lon, self.lat)


HOME = Point(129.0756, 35.1796)
CITIES = (
    City("Kaohsiung", 120.3014, 22.6273, "158"),
    City("Los Angeles", -118.2437, 34.0522, "840"),
    City("Shimonoseki", 130.9415, 33.9578, "392"),
    City("Barcelona", 2.1686, 41.3874, "724"),
    City("Rio de Janeiro", -43.1729, -22.9068, "076"),
    City("Vladivostok", 131.8855, 43.1155, "643"),
    City("Shanghai", 121.4737, 31.2304, "156"),
    City("Surabaya", 112.7521, -7.2575, "360"),
    City("State of Victoria", 144.9631, -37.8136, "036"),
    City("Tijuana", -117.0382, 32.5149, "484"),
    City("Ho Chi Minh City", 106.7009, 10.7769, "704"),
    City("Auckland", 174.7633, -36.8485, "554"),
    City("Valparaíso", -71.6127, -33.0472, "152"),
    City("Western Cape", 18.4241, -33.9249, "710"),
    City("Montréal", -73.5674, 45.5019, "124"),
    City("Istanbul", 28.9784, 41.0082, "792"),
    City("Dubai", 55.2708, 25.2048, "784"),
    City("Fukuoka", 130.4017, 33.5902, "392"),
    City("Chicago", -87.6298, 41.8781, "840"),
    City("Saint Petersburg", 30.3609, 59.9311, "643"),
    City("Phnom Penh", 104.9282, 11.5564, "116"),
    City("Mumbai", 72.8777, 19.076, "356"),
    City("Thessaloniki", 22.9444, 40.6401, "300"),
    City("Casablanca", -7.5898, 33.5731, "504"),
    City("Cebu Province", 123.8854, 10.3157, "608"),
    City("Yangon", 96.1735, 16.8409, "104"),
    City("Luanda Province", 13.2894, -8.839, "024"),
    City("Mombasa County", 39.6682, -4.0435, "404"),
    City("Dar es Salaam", 39.2083, -6.7924, "834"),
    City("Shenzhen", 114.0579, 22.5431, "156"),
    City("Tianjin", 117.2009, 39.0842, "156"),
    City("Osaka", 135.5023, 34.6937, "392"),
    City("Chongqing", 106.5516, 29.563, "156"),
    City("Bangkok", 100.5018, 13.7563, "764"),
    City("Beijing", 116.4074, 39.9042, "156"),
    City("Nagasaki Prefecture", 129.8777, 32.7503, "392"),
    City("Bandar Abbas", 56.2666, 27.1832, "364"),
    City("Ulaanbaatar", 106.9057, 47.8864, "496"),
    City("Panama City", -79.5199, 8.9824, "591"),
    City("Guangzhou", 113.2644, 23.1291, "156"),
    City("Almaty", 76.8897, 43.2389, "398"),
    City("Hamburg", 9.9937, 53.5511, "276"),
    City("Dili", 125.5603, -8.5569, "626"),
    City("Koper", 13.7302, 45.5481, "705"),
    City("Samarkand", 66.975, 39.627, "860"),
    City("Genoa", 8.9463, 44.4056, "380"),
    City("Anchorage", -149.9003, 61.2181, "840"),
)
